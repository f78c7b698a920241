// SPDX-License-Identifier: Apache-2.0
#include "detector/src/deadlock_mode/native_places.h"

#include <dlfcn.h>

#include <atomic>
#include <cstring>
#include <string_view>

#include "detector/src/context_tree.h"
#include "detector/src/internal_memory.h"
#include "detector/src/site_registry.h"
#include "detector/src/site_text.h"
#include "detector/src/spin_lock.h"
#include "detector/src/text.h"
#include "runtime/symbols.h"

namespace snag::detector {
namespace {

struct native_site {
  hooks::site site;  // first: a site's address is its native_site's
  std::uintptr_t pc = 0;
  native_site* next = nullptr;  // of its bucket
  bool named = false;           // under naming_lock
};
static_assert(offsetof(native_site, site) == 0);

// Sites and their strings lie near each other, since one knows the other by 32 bits.
class arena {
 public:
  void* take(std::size_t bytes) noexcept {
    std::byte* base = base_.load(std::memory_order_acquire);
    if (base == nullptr) {
      auto* const fresh = static_cast<std::byte*>(internal_reserve(size));
      if (base_.compare_exchange_strong(base, fresh, std::memory_order_acq_rel)) base = fresh;
    }
    bytes = (bytes + 15) & ~std::size_t{15};
    const std::size_t at = used_.fetch_add(bytes, std::memory_order_relaxed);
    if (at + bytes > size) internal_fatal("more than 1 GiB of places in one process");
    return base + at;
  }

 private:
  static constexpr std::size_t size = std::size_t{1} << 30;
  std::atomic<std::byte*> base_{nullptr};
  std::atomic<std::size_t> used_{0};
};
constinit arena memory;

constexpr unsigned bucket_bits = 12;
constinit std::atomic<native_site*> site_buckets[std::size_t{1} << bucket_bits]{};

constexpr std::uint64_t mixed(std::uint64_t x) {
  x *= 0x9E3779B97F4A7C15u;
  return x ^ x >> 32;
}

native_site& site_at(std::uintptr_t pc) noexcept {
  std::atomic<native_site*>& bucket = site_buckets[mixed(pc) >> (64 - bucket_bits)];
  native_site* first = bucket.load(std::memory_order_acquire);
  for (;;) {
    for (native_site* s = first; s != nullptr; s = s->next)
      if (s->pc == pc) return *s;
    auto* const made = ::new (memory.take(sizeof(native_site))) native_site;
    made->pc = pc;
    made->site.kind = hooks::site_kind::call;
    // Activations of one function are known by this (context_tree.h).
    made->site.size = static_cast<std::uint32_t>(mixed(function_around(pc))) | 1;
    made->next = first;
    if (bucket.compare_exchange_strong(first, made, std::memory_order_acq_rel)) return *made;
  }
}

// Places of whole stacks, by their hash.
struct known_stack {
  std::uint64_t hash;
  place where;
  known_stack* next;
};
constinit std::atomic<known_stack*> stack_buckets[std::size_t{1} << bucket_bits]{};

place intern(const std::uintptr_t* pcs, std::size_t n) noexcept {
  if (n == 0) return {};
  std::uint64_t hash = n;
  for (std::size_t i = 0; i < n; ++i) hash = (hash ^ pcs[i]) * 0xD6E8FEB86659FD93u, hash ^= hash >> 29;
  std::atomic<known_stack*>& bucket = stack_buckets[hash >> (64 - bucket_bits)];
  known_stack* first = bucket.load(std::memory_order_acquire);
  for (const known_stack* k = first; k != nullptr; k = k->next)
    if (k->hash == hash) return k->where;
  place p;
  for (std::size_t i = n; i-- > 1;)
    p.context = contexts.intern(p.context, sites.id_of(&site_at(pcs[i]).site));
  p.site = sites.id_of(&site_at(pcs[0]).site);
  auto* const made = internal_new<known_stack>(hash, p, first);
  while (!bucket.compare_exchange_weak(made->next, made, std::memory_order_acq_rel)) {
  }
  return p;
}

constinit spin_lock naming_lock;

void set_text(std::int32_t& field, std::string_view text) noexcept {
  if (text.empty()) return;
  auto* const copy = static_cast<char*>(memory.take(text.size() + 1));
  std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = '\0';
  field = static_cast<std::int32_t>(copy - reinterpret_cast<const char*>(&field));
}

// "main::{lambda(int)#2}::operator()" as LLVM's demangler has it, whose words reports know:
// "main::'lambda0'(int)::operator()".
string as_llvm_says(std::string_view name) {
  string out;
  if (name == "operator()") return "{lambda}";  // inlined, and line tables name no scopes
  constexpr std::string_view begin = "{lambda(";
  for (;;) {
    const auto at = name.find(begin);
    const auto number = at == name.npos ? at : name.find(")#", at);
    const auto end = number == name.npos ? number : name.find('}', number);
    if (end == name.npos) break;
    out.append(name.data(), at);
    std::uint64_t n = 0;
    for (const char c : name.substr(number + 2, end - number - 2))
      n = n * 10 + static_cast<unsigned>(c - '0');
    append(out, "'lambda");
    if (n > 1) append(out, n - 2);
    append(out, "'(");
    out.append(name.data() + at + begin.size(), number - at - begin.size());
    append(out, ")");
    name.remove_prefix(end + 1);
  }
  out.append(name.data(), name.size());
  return out;
}

// Ours, or how the C library starts a program or a thread.
bool is_runtimes(std::string_view function, std::string_view file) {
  for (const char* start :
       {"_start", "start_thread", "clone", "clone3", "__clone3", "execute_native_thread_routine"})
    if (function == start) return true;
  return function.starts_with("__libc_start_") || function.starts_with("snag::") ||
         file.find("/include/snag/") != file.npos || file.find("/runtime/src/") != file.npos;
}

// Fills in one source frame; what it was inlined into is the next one's business.
void name_frame(hooks::site& s, const snag::detail::source_frame& f) {
  const std::string_view function = f.function == nullptr ? "" : f.function;
  std::string_view file = f.file == nullptr ? "" : f.file;
  set_text(s.function, as_llvm_says(function));
  s.line = f.line > 0 ? static_cast<std::uint32_t>(f.line) : 0;
  if (Dl_info where; file.empty() && dladdr(f.pc, &where) != 0 && where.dli_fname != nullptr &&
                     std::string_view(where.dli_fname).find(".so") != std::string_view::npos)
    file = where.dli_fname;  // a library without debug information
  set_text(s.file, file);
  if (is_runtimes(function, file)) s.flags |= hooks::site_runtime;
}

void name_site(native_site& s) noexcept {
  const spin_guard guard(naming_lock);
  if (s.named) return;
  struct walk {
    hooks::site* last = nullptr;
    native_site* of;
  } w{nullptr, &s};
  snag::detail::symbolize(
      reinterpret_cast<const void*>(s.pc),
      [](void* p, const snag::detail::source_frame& f) {
        auto& w = *static_cast<walk*>(p);
        if (w.last == nullptr) {
          w.last = &w.of->site;
        } else {
          auto* const outer = ::new (memory.take(sizeof(hooks::site))) hooks::site;
          outer->kind = hooks::site_kind::inlined_call;
          w.last->inlined_at = static_cast<std::int32_t>(reinterpret_cast<const char*>(outer) -
                                                         reinterpret_cast<const char*>(&w.last->inlined_at));
          w.last = outer;
        }
        name_frame(*w.last, f);
      },
      &w);
  s.named = true;
}

}  // namespace

bool step_out_to(native_frame& f, const void* pc, stack_window stack) noexcept {
  const auto wanted = reinterpret_cast<std::uintptr_t>(pc);
  constexpr int most_of_the_runtimes = 16;
  for (int i = 0; i < most_of_the_runtimes; ++i) {
    if (f.pc == wanted) return true;
    if (!step_out(f, stack)) return false;
  }
  return false;
}

place place_of_frames(native_frame f, stack_window stack) noexcept {
  if (f.pc == 0) return {};
  std::uintptr_t pcs[deepest_stack];
  std::size_t n = 0;
  do pcs[n++] = f.pc;
  while (n < deepest_stack && step_out(f, stack));
  return intern(pcs, n);
}

place place_of_addresses(const void* const* addresses, std::size_t count) noexcept {
  std::uintptr_t pcs[deepest_stack];
  std::size_t n = 0;
  for (; n < count && n < deepest_stack; ++n) pcs[n] = reinterpret_cast<std::uintptr_t>(addresses[n]);
  return intern(pcs, n);
}

void name_place(place p) noexcept {
  const auto name = [](site_id id) {
    if (const hooks::site* s = sites[id])
      name_site(*reinterpret_cast<native_site*>(const_cast<hooks::site*>(s)));
  };
  name(p.site);
  for (context_id c = p.context; c != context_id::root; c = contexts.parent(c)) name(contexts.call(c));
}

}  // namespace snag::detector
