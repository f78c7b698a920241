// SPDX-License-Identifier: Apache-2.0
// The hooks of detector/hooks.h in front of the naive oracle. The shadow is there and stays empty, and no
// window is ever open, so that each inline check misses and each access that the plugin left checked arrives
// here.
#include <asm/prctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "detector/check_stubs.h"
#include "detector/hooks.h"
#include "tests/generated/backend.h"
#include "tests/generated/oracle_listener.h"

namespace snag::generated {
namespace {

using hooks::site;
using testing::op;
using testing::step;

hooks::hot_state hot;

void prepare(int, char**, char**) {
  struct zone {
    std::uintptr_t begin, end;
  };
  constexpr zone zones[] = {
      {0, 1ull << 44}, {0x550000000000, 0x580000000000}, {0x780000000000, 0x800000000000}};
  for (const zone& z : zones)
    for (const std::uint64_t plane : {hooks::write_plane, hooks::read_plane}) {
      void* at = reinterpret_cast<void*>(z.begin ^ (plane & ~(hooks::plane_block - 1)));
      if (mmap(at, z.end - z.begin, PROT_READ,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0) != at)
        give_up("cannot map the shadow");
    }
  hot.self = &hot;
  if (syscall(SYS_arch_prctl, ARCH_SET_GS, &hot) != 0) give_up("cannot set gs");
}
[[gnu::section(".preinit_array"), gnu::used]] void (*const prepare_entry)(int, char**, char**) = prepare;

class oracle_backend;
oracle_backend* now = nullptr;

class oracle_backend : public backend {
 public:
  oracle_backend() { now = this; }
  ~oracle_backend() override { now = nullptr; }

  std::set<std::uintptr_t> finish() override {
    std::set<std::uintptr_t> addresses;
    for (const int byte : oracle_.racy())
      addresses.insert(pieces_[static_cast<std::size_t>(byte / piece)] + static_cast<unsigned>(byte % piece));
    return addresses;
  }

  // --- Accesses. The oracle counts bytes in small numbers: each piece of memory gets its own when first
  // seen.
  void access(step s, const volatile void* address, std::size_t bytes) {
    s.actor = running_;
    auto at = reinterpret_cast<std::uintptr_t>(address);
    for (const std::uintptr_t end = at + bytes; at < end;) {
      const std::uintptr_t begin = at & ~std::uintptr_t{piece - 1}, next = std::min(end, begin + piece);
      const auto [known, fresh] = numbers_.try_emplace(begin, static_cast<int>(pieces_.size()) * piece);
      if (fresh) pieces_.push_back(begin);
      s.offset = known->second + static_cast<int>(at - begin);
      s.size = static_cast<int>(next - at);
      oracle_.play(s);
      at = next;
    }
  }
  void fence(int order) { oracle_.play({.what = op::fence, .actor = running_, .order = order}); }

  // --- What orders the threads.
  void created(int child, int parent, bool joinable) override {
    new_epoch();
    oracle_.created(child, parent, joinable);
  }
  void switched(int from, int to) override {
    if (from >= 0) saved_[from] = {hot.top, hot.epoch};
    std::tie(hot.top, hot.epoch) = saved_.try_emplace(to, nullptr, 0).first->second;
    running_ = to;
  }
  void ended(int thread) override { oracle_.ended(thread); }
  void joined(int thread, int ended) override { oracle_.joined(thread, ended); }
  void acquired(int thread, int object) override { oracle_.acquired(thread, object); }
  void released(int thread, int object) override {
    new_epoch();
    oracle_.released(thread, object);
  }
  void released_merging(int thread, int object) override {
    new_epoch();
    oracle_.released_merging(thread, object);
  }

  static void new_epoch() { ++hot.epoch; }

 private:
  static constexpr std::uintptr_t piece = 64;

  oracle_listener oracle_;
  std::unordered_map<std::uintptr_t, int> numbers_;
  std::vector<std::uintptr_t> pieces_;
  std::map<int, std::pair<hooks::frame*, std::uint32_t>> saved_;
  int running_ = 0;
};

void see(step s, const volatile void* address, std::size_t bytes) {
  if (now) now->access(s, address, bytes);
}
void see_plain(op what, const void* address, std::size_t bytes) { see({.what = what}, address, bytes); }
void see_atomic(op what, const volatile void* address, std::size_t bytes, std::uint32_t order,
                std::uint32_t failure_order = 0) {
  oracle_backend::new_epoch();
  see({.what = what, .order = static_cast<int>(order), .failure_order = static_cast<int>(failure_order)},
      address, bytes);
}

template <class T>
T updated(T old, T operand, hooks::atomic_operation operation) {
  switch (operation) {
    case hooks::atomic_operation::exchange:
      return operand;
    case hooks::atomic_operation::add:
      return static_cast<T>(old + operand);
    default:
      give_up("an atomic operation that no program has");
  }
}

}  // namespace

std::unique_ptr<backend> make_backend() { return std::make_unique<oracle_backend>(); }

}  // namespace snag::generated

using namespace snag::generated;

extern "C" {

void __snag_module_register(site*, site*, std::uint32_t abi) {
  if (abi != snag::hooks::abi_version) give_up("a module of another version");
}

#define SNAG_DEFINE(N)                                                                                   \
  SNAG_HOOK_COLD void __snag_read##N(const void* a, const site*) noexcept { see_plain(op::read, a, N); } \
  SNAG_HOOK_COLD void __snag_write##N(const void* a, const site*) noexcept { see_plain(op::write, a, N); }
SNAG_ACCESS_HOOKS(SNAG_DEFINE)
#undef SNAG_DEFINE
SNAG_HOOK_COLD void __snag_read_range(const void* a, std::size_t bytes, const site*) noexcept {
  see_plain(op::read, a, bytes);
}
SNAG_HOOK_COLD void __snag_write_range(const void* a, std::size_t bytes, const site*) noexcept {
  see_plain(op::write, a, bytes);
}
SNAG_HOOK_COLD void __snag_vptr_write(void* a, const void*, const site*) noexcept {
  see_plain(op::write, a, sizeof(void*));
}
SNAG_HOOK_COLD void __snag_scope_end(const void* a, std::size_t bytes, const site*) noexcept {
  see_plain(op::write, a, bytes);
}

#define SNAG_DEFINE(BITS, T)                                                                                 \
  T __snag_atomic##BITS##_load(const volatile T* p, std::uint32_t order, const site*) noexcept {             \
    see_atomic(op::atomic_load, p, sizeof(T), order);                                                        \
    return *p;                                                                                               \
  }                                                                                                          \
  void __snag_atomic##BITS##_store(volatile T* p, T value, std::uint32_t order, const site*) noexcept {      \
    see_atomic(op::atomic_store, p, sizeof(T), order);                                                       \
    *p = value;                                                                                              \
  }                                                                                                          \
  T __snag_atomic##BITS##_update(volatile T* p, T operand, std::uint32_t operation, std::uint32_t order,     \
                                 const site*) noexcept {                                                     \
    see_atomic(op::atomic_add, p, sizeof(T), order);                                                         \
    const T old = *p;                                                                                        \
    *p = updated<T>(old, operand, static_cast<snag::hooks::atomic_operation>(operation));                    \
    return old;                                                                                              \
  }                                                                                                          \
  T __snag_atomic##BITS##_compare_exchange(volatile T* p, T expected, T desired, std::uint32_t success,      \
                                           std::uint32_t failure, const site*) noexcept {                    \
    const T old = *p;                                                                                        \
    see_atomic(old == expected ? op::atomic_exchange_ok : op::atomic_exchange_failed, p, sizeof(T), success, \
               failure);                                                                                     \
    if (old == expected) *p = desired;                                                                       \
    return old;                                                                                              \
  }
SNAG_ATOMIC_HOOKS(SNAG_DEFINE)
#undef SNAG_DEFINE

void __snag_fence(std::uint32_t order, const site*) noexcept {
  oracle_backend::new_epoch();
  if (now) now->fence(static_cast<int>(order));
}
}
