// SPDX-License-Identifier: Apache-2.0
// The hooks of plain accesses: what instrumented code calls when the inline check misses (detector/hooks.h).
#include "detector/hooks.h"
#include "detector/check_stubs.h"

#include <algorithm>

#include "detector/src/entry.h"
#include "detector/src/granule_visit.h"
#include "detector/src/on_record.h"
#include "detector/src/site_registry.h"

namespace snag::detector {
namespace {

// What was not on record: an instruction's access of one object, in the program. (Out of line, and with the
// hooks' convention, so that a hook saves the registers of the look alone.)
template <access_kind Kind, std::size_t Bytes>
[[gnu::noinline]] SNAG_HOOK_COLD void check_one(const void* address, const hooks::site* s) noexcept {
  thread_state& t = detail::at_gs();
  const entry_scope scope(t);
  if (!scope) return;
  const auto at = reinterpret_cast<std::uint64_t>(address);
  const void* const sp = __builtin_frame_address(0);
  if (!s || s->size != Bytes) [[unlikely]]
    return plain_access(t, Kind, at, Bytes, s, sp);
  fetch_records_of(at & ~std::uint64_t{3});
  const access a{*t.actor, Kind, static_cast<std::uint32_t>(Bytes), place_at(t, s, sp)};
  visit_object<Kind>(t, a, at, Bytes);
  if (!t.hits.empty()) [[unlikely]]
    tell_races(t, access(a));
}
// A read of one object that others perhaps read as well: a set has to be looked through, unless our record is
// remembered. (Or the thread is not known yet.)
template <std::size_t Bytes>
[[gnu::noinline]] SNAG_HOOK_COLD void check_shared(const void* address, const hooks::site* s) noexcept {
  thread_state& t = this_thread();
  const entry_scope scope(t);
  if (!scope) return;
  const auto at = reinterpret_cast<std::uint64_t>(address);
  const void* const sp = __builtin_frame_address(0);
  if (!s || s->size != Bytes) [[unlikely]]
    return plain_access(t, access_kind::read, at, Bytes, s, sp);
  exclusive_records::entry* const own = own_read_at(t, at);
  if (own == nullptr && on_record(t, access_kind::read, at, Bytes)) return;
  const access a{*t.actor, access_kind::read, static_cast<std::uint32_t>(Bytes), place_at(t, s, sp)};
  if (own != nullptr &&
      (renewed_without_lock<Bytes>(t, a, at, own) || on_record(t, access_kind::read, at, Bytes)))
    return;
  visit_object<access_kind::read>(t, a, at, Bytes);
  if (!t.hits.empty()) [[unlikely]]
    tell_races(t, access(a));
}
// What was not on record, of any size.
template <access_kind Kind>
[[gnu::noinline]] SNAG_HOOK_COLD void check_bytes(const void* address, std::size_t bytes,
                                                  const hooks::site* s) noexcept {
  thread_state& t = this_thread();
  const entry_scope scope(t);
  if (!scope) return;
  const access a{*t.actor, Kind, size_told(s, bytes), place_at(t, s, __builtin_frame_address(0))};
  check_range<Kind>(t, a, reinterpret_cast<std::uint64_t>(address), bytes);
  if (!t.hits.empty()) [[unlikely]]
    tell_races(t, a);
}
// What may be on record or not, by a thread that we know or do not know yet.
template <access_kind Kind>
[[gnu::noinline]] SNAG_HOOK_COLD void check_any(const void* address, std::size_t bytes,
                                                const hooks::site* s) noexcept {
  thread_state& t = this_thread();
  if (const entry_scope scope(t); scope)
    plain_access(t, Kind, reinterpret_cast<std::uint64_t>(address), bytes, s, __builtin_frame_address(0));
}
template <access_kind Kind, std::size_t Bytes>
[[gnu::noinline]] SNAG_HOOK_COLD void check_any_of(const void* address, const hooks::site* s) noexcept {
  check_any<Kind>(address, Bytes, s);
}
// A cell of the object names a set.
template <access_kind Kind, std::size_t Bytes>
[[gnu::noinline]] SNAG_HOOK_COLD void look_into_set(const void* address, const hooks::site* s) noexcept {
  switch (look_on_record(detail::at_gs(), Kind, reinterpret_cast<std::uint64_t>(address), Bytes)) {
    case stands::surely:
      return;
    case stands::no:
      return check_one<Kind, Bytes>(address, s);
    case stands::perhaps:
      if constexpr (Kind == access_kind::read) return check_shared<Bytes>(address, s);
      return check_any<Kind>(address, Bytes, s);
  }
}

bool is_known_thread() noexcept { return detail::at_gs().thread_pointer == __builtin_thread_pointer(); }

// What the inline check compares: the cells of an object's first and last granule.
struct found_cells {
  std::uint32_t first, last;
};
template <access_kind Kind, std::size_t Bytes>
[[gnu::always_inline]] inline found_cells cells_of(std::uint64_t at) noexcept {
  constexpr std::uint64_t plane = is_write(Kind) ? hooks::write_plane : hooks::read_plane;
  if constexpr (Bytes == 8) {
    const std::uint64_t bits = pair_at(at, plane).load(std::memory_order_acquire);
    return {static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32)};
  } else {
    const std::uint32_t bits = cell_at(at & ~std::uint64_t{3}, plane).load(std::memory_order_acquire) &
                               (hooks::cell_id_mask | mask_of(at, Bytes) << hooks::cell_id_bits);
    return {bits, bits};
  }
}

// An instruction's: size and kind are the hook's own. It needs few registers itself, and whoever has more to
// do takes its place on the stack and saves what it needs.
template <access_kind Kind, std::size_t Bytes>
[[gnu::always_inline]] SNAG_HOOK_COLD inline void on_access(const void* address,
                                                            const hooks::site* s) noexcept {
  static_assert(may_be_on_record(Kind) && Bytes <= worth_a_look);
  const auto at = reinterpret_cast<std::uint64_t>(address);
  if (!is_of_one_object(at, Bytes) || !is_known_thread()) [[unlikely]]
    [[clang::musttail]] return check_any_of<Kind, Bytes>(address, s);
  if (!in_program(at)) [[unlikely]]
    return;  // nothing is to be checked there
  const auto found = cells_of<Kind, Bytes>(at);
  if (cell(found.first).is_set() || cell(found.last).is_set()) {
    // (A string's granules are in sets of those who wrote its bytes.)
    if constexpr (Bytes < hooks::granule_size)
      if (covers(detail::at_gs(), found.first, mask_of(at, Bytes))) return;
    [[clang::musttail]] return look_into_set<Kind, Bytes>(address, s);
  }
  if (in_window(detail::at_gs(), found.first) && in_window(detail::at_gs(), found.last)) return;
  [[clang::musttail]] return check_one<Kind, Bytes>(address, s);
}

// Of a thread that we do not know yet: perhaps. (Making it known would cost all registers.)
template <access_kind Kind>
[[gnu::always_inline]] inline stands look(const void* address, std::size_t bytes) noexcept {
  if (!may_be_on_record(Kind)) return stands::no;
  if (!is_known_thread()) [[unlikely]]
    return stands::perhaps;
  return look_on_record(detail::at_gs(), Kind, reinterpret_cast<std::uint64_t>(address), bytes);
}
template <access_kind Kind>
[[gnu::always_inline]] inline void on_bytes(const void* address, std::size_t bytes,
                                            const hooks::site* s) noexcept {
  switch (look<Kind>(address, bytes)) {
    case stands::surely:
      return;
    case stands::no:
      return check_bytes<Kind>(address, bytes, s);
    case stands::perhaps:
      return check_any<Kind>(address, bytes, s);
  }
}

// A loop's accesses are checked before it, megabytes at once: what is on record is skipped, the rest taken in
// parts, so that the world can be stopped in between.
template <access_kind Kind>
[[gnu::noinline]] SNAG_HOOK_COLD void on_long_range(const void* address, std::size_t bytes,
                                                    const hooks::site* s) noexcept {
  constexpr std::size_t most_at_once = 64 * 1024;
  const auto* at = static_cast<const std::byte*>(address);
  while (bytes > worth_a_look) {
    const std::size_t known =
        bytes_on_record(this_thread(), Kind, reinterpret_cast<std::uint64_t>(at), bytes);
    at += known;
    bytes -= known;
    const std::size_t part = std::min(bytes, most_at_once);
    if (part != 0) on_bytes<Kind>(at, part, s);
    at += part;
    bytes -= part;
  }
  if (bytes != 0) on_bytes<Kind>(at, bytes, s);
}
template <access_kind Kind>
[[gnu::always_inline]] inline void on_range(const void* address, std::size_t bytes,
                                            const hooks::site* s) noexcept {
  if (bytes > worth_a_look) return on_long_range<Kind>(address, bytes, s);
  if (bytes != 0) on_bytes<Kind>(address, bytes, s);
}

}  // namespace
}  // namespace snag::detector

using namespace snag;
using detector::access_kind;

#define SNAG_DEFINE(N)                                                                      \
  SNAG_HOOK_COLD void __snag_read##N(const void* address, const hooks::site* s) noexcept {  \
    [[clang::musttail]] return detector::on_access<access_kind::read, N>(address, s);       \
  }                                                                                         \
  SNAG_HOOK_COLD void __snag_write##N(const void* address, const hooks::site* s) noexcept { \
    [[clang::musttail]] return detector::on_access<access_kind::write, N>(address, s);      \
  }
SNAG_ACCESS_HOOKS(SNAG_DEFINE)
#undef SNAG_DEFINE

SNAG_HOOK_COLD void __snag_read_range(const void* address, std::size_t bytes, const hooks::site* s) noexcept {
  detector::on_range<access_kind::read>(address, bytes, s);
}
SNAG_HOOK_COLD void __snag_write_range(const void* address, std::size_t bytes,
                                       const hooks::site* s) noexcept {
  detector::on_range<access_kind::write>(address, bytes, s);
}
SNAG_HOOK_COLD void __snag_vptr_write(void* address, const void* value, const hooks::site* s) noexcept {
  // A destructor that stores the pointer that is there already disturbs nobody.
  if (__atomic_load_n(static_cast<const void**>(address), __ATOMIC_RELAXED) != value)
    detector::on_access<access_kind::write, sizeof(void*)>(address, s);
}

SNAG_HOOK_COLD void __snag_scope_end(const void* variable, std::size_t bytes, const hooks::site* s) noexcept {
  detector::on_bytes<access_kind::end_of_scope>(variable, bytes, s);
}

void __snag_module_register(hooks::site* begin, hooks::site* end, std::uint32_t abi_version) {
  if (abi_version != hooks::abi_version)
    detector::internal_error(
        "a module was compiled by a plugin of another version than the linked detector; recompile everything "
        "with "
        "one version of snag");
  detector::sites.add(begin, end);
}
