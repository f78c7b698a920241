// SPDX-License-Identifier: Apache-2.0
#include "detector/src/unjoined_threads.h"

#include <elf.h>
#include <link.h>
#include <sys/prctl.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "detector/src/entry.h"
#include "detector/src/liveness/capture.h"
#include "detector/src/liveness/check.h"
#include "detector/src/site_text.h"
#include "runtime/spilled_registers.h"

namespace snag::detector {

constinit joinable_threads unjoined_threads;

void joinable_threads::created(const incarnation& who, place at, const void* pc) noexcept {
  spin_guard guard(lock_);
  if (threads_ == nullptr) threads_ = internal_new<unordered_map<std::uint64_t, thread>>();
  thread& t = (*threads_)[static_cast<std::uint64_t>(who.id)];
  t.id = who.id;
  t.parent = who.parent;
  t.created = at;
  t.pc = reinterpret_cast<std::uint64_t>(pc);
}

// A thread is called as the one that created it until somebody names it.
void joinable_threads::started(events::goroutine_id id) noexcept {
  char name[name_size] = {};
  prctl(PR_GET_NAME, name);
  spin_guard guard(lock_);
  if (threads_ == nullptr) return;
  if (const auto found = threads_->find(static_cast<std::uint64_t>(id)); found != threads_->end())
    std::memcpy(found->second.inherited_name, name, name_size);
}

void joinable_threads::ended(events::goroutine_id id, std::uint64_t control) noexcept {
  char name[name_size] = {};
  prctl(PR_GET_NAME, name);
  spin_guard guard(lock_);
  if (threads_ == nullptr) return;
  const auto found = threads_->find(static_cast<std::uint64_t>(id));
  if (found == threads_->end()) return;
  thread& t = found->second;
  t.ended = true;
  t.complement_of_control = ~control;
  if (std::memcmp(name, t.inherited_name, name_size) != 0) std::memcpy(t.name, name, name_size);
}

void joinable_threads::taken_back(events::goroutine_id id) noexcept {
  spin_guard guard(lock_);
  if (threads_ != nullptr) threads_->erase(static_cast<std::uint64_t>(id));
}

vector<joinable_threads::thread> joinable_threads::left() noexcept {
  vector<thread> out;
  spin_guard guard(lock_);
  if (threads_ != nullptr)
    for (const auto& [id, t] : *threads_)
      if (t.ended) out.push_back(t);
  std::sort(out.begin(), out.end(), [](const thread& a, const thread& b) { return a.id < b.id; });
  return out;
}

namespace {

using thread = joinable_threads::thread;

struct module_facts {
  std::uint64_t pc;  // of whose module
  bool has_sites = false;
  bool ends_later = false;  // some module of ours has functions that run after all exit handlers
};

int look_at_module(dl_phdr_info* info, std::size_t, void* to) {
  auto& facts = *static_cast<module_facts*>(to);
  std::uintptr_t low = UINTPTR_MAX, high = 0;
  const ElfW(Dyn)* dynamic = nullptr;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    const std::uintptr_t begin = info->dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_DYNAMIC) dynamic = reinterpret_cast<const ElfW(Dyn)*>(begin);
    if (segment.p_type != PT_LOAD) continue;
    low = std::min(low, begin);
    high = std::max(high, begin + segment.p_memsz);
  }
  if (!module_has_sites(low, high)) return 0;
  if (facts.pc >= low && facts.pc < high) facts.has_sites = true;
  // One is the compiler's own (crtstuff.c, __do_global_dtors_aux).
  for (const ElfW(Dyn)* d = dynamic; d != nullptr && d->d_tag != DT_NULL; ++d)
    if (d->d_tag == DT_FINI_ARRAYSZ && d->d_un.d_val > sizeof(void*)) facts.ends_later = true;
  return 0;
}

bool was_seen_created(const thread& t) {
  module_facts facts{.pc = t.pc};
  dl_iterate_phdr(look_at_module, &facts);
  if (facts.has_sites) return t.created.site != site_id::none;
  const hooks::site* const call = sites[t.created.site];
  return call != nullptr && std::string_view(text_of(call->expression)).starts_with("_M_start_thread");
}

bool somebody_may_run_later() {
  module_facts facts{.pc = 0};
  dl_iterate_phdr(look_at_module, &facts);
  if (facts.ends_later) return true;
  thread_state& t = this_thread();
  const core_scope inside(t);
  bool any = false;
  actor_state::for_each(
      [&](const actor_state& a) { any = any || (&a != t.actor && a.who() != nullptr && a.of != nullptr); });
  return any;
}

// Leaves those whose pthread_t nobody has who may run, main's frames being gone; nobody if that cannot be
// seen.
[[gnu::noinline]] void leave_those_out_of_reach(vector<thread>& threads) {
  const std::byte* const stack_pointer = events::stack_with_registers();
  thread_state& t = this_thread();
  const core_scope inside(t);
  if (!inside) return threads.clear();
  const stopped_program program(t);
  if (!program.stopped()) return threads.clear();
  vector<std::uint64_t> names;
  for (const thread& x : threads) names.push_back(~x.complement_of_control);
  capture c(t, program, stack_pointer, names);
  vector<region_index> unread{memory_map::root}, found;
  for (std::uint32_t p = 0; p < c.parties.size(); ++p) unread.push_back(region_index{p + 1});
  vector<bool> reached(c.memory.region_count());
  while (!unread.empty()) {
    const auto r = static_cast<std::size_t>(unread.back());
    unread.pop_back();
    if (r >= reached.size()) reached.resize(r + 1 + r / 2);
    if (reached[r]) continue;
    reached[r] = true;
    found.clear();
    c.memory.visit(region_index(static_cast<std::uint32_t>(r)), found);
    unread.insert(unread.end(), found.begin(), found.end());
  }
  if (!c.complete || !c.memory.saw_everything()) return threads.clear();
  std::size_t i = 0;
  std::erase_if(threads, [&](const thread&) { return reached[static_cast<std::size_t>(c.names[i++])]; });
}

}  // namespace

void tell_unjoined_threads(int status) noexcept {
  if (is_childs()) return;
  vector<thread> threads = unjoined_threads.left();
  std::erase_if(threads, [](const thread& t) { return !was_seen_created(t); });
  // Who calls exit() in the middle, but from main and in success, has left something undone.
  if (threads.empty() || current_actor() != events::goroutine_id::main) return;
  if (here().call != nullptr && status != 0) return;
  if (somebody_may_run_later()) leave_those_out_of_reach(threads);
  vector<bool> told(threads.size(), false);
  for (std::size_t i = 0; i < threads.size(); ++i) {
    if (told[i]) continue;
    const thread& t = threads[i];
    std::uint64_t times = 0;
    for (std::size_t j = i; j < threads.size(); ++j) {
      if (told[j] || !(threads[j].created == t.created)) continue;
      told[j] = true;
      ++times;
    }
    report(raw_unjoined{t.id, t.parent, sites[t.created.site], t.created.context, t.name, times});
  }
}

}  // namespace snag::detector
