// SPDX-License-Identifier: Apache-2.0
#include "tests/detector/report/fake_core.h"

#include <cstdlib>
#include <cstring>
#include <iterator>

#include "detector/src/annotations.h"
#include "detector/src/patience.h"
#include "detector/src/quarantine.h"
#include "detector/src/spin_lock.h"
#include "runtime/options.h"

namespace snag::detector {
namespace fake {
namespace {

constexpr std::size_t site_capacity = 4096, text_capacity = 1 << 20;
alignas(8) hooks::site site_table[site_capacity];
std::size_t sites = 0;
char text_pool[text_capacity] = {0};
std::size_t text_used = 1;

void point(std::int32_t& field, const std::string& text) {
  if (text.empty()) return;
  if (text_used + text.size() + 1 > text_capacity) std::abort();
  std::memcpy(text_pool + text_used, text.c_str(), text.size() + 1);
  field = static_cast<std::int32_t>(text_pool + text_used - reinterpret_cast<char*>(&field));
  text_used += text.size() + 1;
}

struct chain {
  std::vector<const hooks::site*> calls;
  bool folded;
};
std::vector<chain>& chains() {
  static std::vector<chain> all(1);
  return all;
}
std::vector<std::vector<lock_facts>>& lock_lists() {
  static std::vector<std::vector<lock_facts>> all(1);
  return all;
}
thread_local int inside = 0;

void note(const char* what, const void* at, std::size_t n, const hooks::site* s) {
  world& w = the_world();
  if (!w.recording) return;
  ++inside;
  w.log.push_back({what, reinterpret_cast<std::uintptr_t>(at), n, s});
  --inside;
}

void note_channel(std::vector<kernel_channel>& list, kernel_channel c) {
  if (!the_world().recording) return;
  ++inside;
  list.push_back(c);
  --inside;
}

}  // namespace

world& the_world() {
  static world* w = new world;
  return *w;
}
void reset() {
  the_world() = world{};
  chains().assign(1, {});
  lock_lists().assign(1, {});
  sites = 0;
  std::memset(static_cast<void*>(site_table), 0, sizeof site_table);
}

const hooks::site* add_site(const site_text& t) {
  if (sites == site_capacity) std::abort();
  hooks::site& s = site_table[sites++];
  s.id = static_cast<std::uint32_t>(sites);
  s.line = t.line;
  s.column = t.column;
  s.kind = t.kind;
  s.flags = t.flags;
  s.size = t.size;
  point(s.file, t.file);
  point(s.function, t.function);
  point(s.expression, t.expression);
  point(s.variable, t.variable);
  point(s.type, t.type);
  point(s.declaration, t.declaration);
  point(s.capture, t.capture);
  point(s.path, t.path);
  s.ordinal = t.ordinal;
  if (t.inlined_at)
    s.inlined_at = static_cast<std::int32_t>(reinterpret_cast<const char*>(t.inlined_at) -
                                             reinterpret_cast<const char*>(&s.inlined_at));
  return &s;
}

context_id add_context(std::vector<const hooks::site*> calls, bool folded) {
  chains().push_back({std::move(calls), folded});
  return static_cast<context_id>(chains().size() - 1);
}

lock_set_id add_locks(std::vector<lock_facts> latest_first) {
  lock_lists().push_back(std::move(latest_first));
  return static_cast<lock_set_id>(lock_lists().size() - 1);
}

std::vector<std::string> told_about(const void* address, std::size_t bytes) {
  const auto a = reinterpret_cast<std::uintptr_t>(address);
  std::vector<std::string> out;
  for (const told& t : the_world().log)
    if (t.address < a + bytes && a < t.address + t.bytes)
      out.push_back(t.what + " " + std::to_string(static_cast<std::ptrdiff_t>(t.address - a)) + "+" +
                    std::to_string(t.bytes));
  return out;
}

}  // namespace fake

bool find_actor(events::goroutine_id id, actor_facts& out) noexcept {
  const auto& actors = fake::the_world().actors;
  const auto found = actors.find(id);
  if (found == actors.end()) return false;
  out = found->second;
  return true;
}
bool visit_context(context_id id, void (*visit)(void*, const hooks::site&), void* argument) noexcept {
  const fake::chain& c = fake::chains().at(static_cast<std::size_t>(id));
  for (const hooks::site* s : c.calls) visit(argument, *s);
  return c.folded;
}
void visit_locks(lock_set_id set, void (*visit)(void*, const lock_facts&), void* argument) noexcept {
  for (const lock_facts& lock : fake::lock_lists().at(static_cast<std::size_t>(set))) visit(argument, lock);
}
events::goroutine_id find_stack(const void* address) noexcept {
  const fake::world& w = fake::the_world();
  return address >= w.stack_low && address < w.stack_high ? w.stack_owner : events::goroutine_id::none;
}
std::span<const hooks::site> sites_around(const hooks::site&) noexcept {
  return {fake::site_table, fake::sites};
}
void thread_ends_process() noexcept {}
core_usage usage() noexcept { return {.modules = 1, .access_sites = fake::sites}; }
coverage_gaps gaps() noexcept { return fake::the_world().gaps; }
bool module_has_sites(std::uintptr_t low, std::uintptr_t high) noexcept {
  const auto at = reinterpret_cast<std::uintptr_t>(fake::site_table);
  return at >= low && at < high;
}
position here() noexcept { return {fake::the_world().call, fake::the_world().context}; }
const hooks::site* call_in_progress() noexcept {
  return inside_detector() ? nullptr : fake::the_world().call;
}
namespace {
// (Without a heap: malloc tells where it is called.)
spin_lock numbers;
position numbered[4096];  // from 1
std::uint32_t last_number = 0;
std::uint32_t number_of(position p) noexcept {
  if (!p.call) return 0;
  const spin_guard guard(numbers);
  for (std::uint32_t n = 1; n <= last_number; ++n)
    if (numbered[n].call == p.call && numbered[n].context == p.context) return n;
  if (last_number + 1 == std::size(numbered)) return 0;
  numbered[++last_number] = p;
  return last_number;
}
}  // namespace
position position_of(std::uint32_t number) noexcept {
  const spin_guard guard(numbers);
  return number == 0 ? position{nullptr, context_id::root} : numbered[number];
}
void tell_unjoined_threads(int) noexcept {}
events::goroutine_id current_actor() noexcept { return fake::the_world().self; }
void step_aside_before_fork(unsigned round) noexcept { wait_a_round(round); }
block_maker on_allocated(const void* p, std::size_t n) noexcept {
  fake::note("allocated", p, n, nullptr);
  return {current_actor(), number_of(here())};
}
bool on_freed(const void* p, std::size_t n) noexcept {
  fake::note("freed", p, n, nullptr);
  const hooks::site* const call = call_in_progress();
  return call != nullptr && (call->flags & hooks::site_frees) != 0;
}
quarantine_lane& this_threads_quarantine() noexcept {
  thread_local quarantine_lane lane;
  return lane;
}
void on_lock_made(const void*) noexcept {}
void on_unmapped(const void* p, std::size_t n) noexcept { fake::note("unmapped", p, n, nullptr); }
internal_scope::internal_scope() noexcept { ++fake::inside; }
internal_scope::~internal_scope() { --fake::inside; }
const std::byte* note_kernel_wait(const std::byte*) noexcept { return nullptr; }
void note_kept_by_kernel(std::uint64_t) noexcept {}
void on_sent(kernel_channel c) noexcept { fake::note_channel(fake::the_world().sent, c); }
void on_received(kernel_channel c) noexcept { fake::note_channel(fake::the_world().received, c); }
bool inside_detector() noexcept { return fake::inside != 0; }
signal_bits bits_of(const sigset_t& mask) noexcept {
  signal_bits bits;
  std::memcpy(&bits, &mask, sizeof bits);
  return bits;
}
bool defer_signal(int, const siginfo_t&, void*, signal_bits, signal_handler, bool) noexcept { return false; }

// --- annotations.h
void annotate_release(const void*) noexcept {}
void annotate_acquire(const void*) noexcept {}
void annotate_lock_taken(const void*, events::lock_mode) noexcept {}
void annotate_lock_given_back(const void*, events::lock_mode) noexcept {}
void begin_ignoring(ignored) noexcept {}
void end_ignoring(ignored) noexcept {}
void release_to_atomic(const void*, std::uint32_t) noexcept {}
void annotate_benign_race(const void*, std::size_t) noexcept {}

}  // namespace snag::detector

SNAG_HOOK_COLD void __snag_read_range(const void* p, std::size_t n, const snag::hooks::site* s) noexcept {
  snag::detector::fake::note("read", p, n, s);
}
SNAG_HOOK_COLD void __snag_write_range(const void* p, std::size_t n, const snag::hooks::site* s) noexcept {
  snag::detector::fake::note("write", p, n, s);
}

const char* snag::detail::option(std::string_view key) noexcept {
  const auto& options = snag::detector::fake::the_world().options;
  const auto found = options.find(std::string(key));
  return found == options.end() ? nullptr : found->second.c_str();
}
