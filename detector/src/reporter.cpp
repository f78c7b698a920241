// SPDX-License-Identifier: Apache-2.0
#include "detector/src/reporter.h"

#include <stdlib.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "detector/fingerprint.h"
#include "detector/src/current_test.h"
#include "detector/src/describe.h"
#include "detector/src/ending.h"
#include "detector/src/race.h"
#include "detector/src/raw_io.h"
#include "detector/src/render_parts.h"
#include "detector/src/report_lock.h"
#include "detector/src/report_log.h"
#include "detector/src/resolve.h"
#include "detector/src/roomy_stack.h"
#include "detector/src/text.h"
#include "detector/src/thread_locals.h"
#include "detector/src/thread_owned.h"
#include "detector/src/tsan_format.h"
#include "runtime/options.h"

namespace snag::detector {
namespace {

// The raw identity of a race, unordered.
struct raw_key {
  const hooks::site* sites[2];
  context_id contexts[2];
  access_kind kinds[2];
  bool operator==(const raw_key&) const = default;
};
raw_key key_of(const raw_race& r) {
  const raw_access *a = &r.current, *b = &r.previous;
  if (std::tie(b->site, b->context, b->kind) < std::tie(a->site, a->context, a->kind)) std::swap(a, b);
  return {{a->site, b->site}, {a->context, b->context}, {a->kind, b->kind}};
}
struct raw_key_hash {
  std::size_t operator()(const raw_key& k) const noexcept {
    std::uint64_t h = 0;
    for (int i = 0; i < 2; ++i)
      for (const std::uint64_t part :
           {reinterpret_cast<std::uint64_t>(k.sites[i]), static_cast<std::uint64_t>(k.contexts[i]),
            static_cast<std::uint64_t>(k.kinds[i])})
        h = (h ^ part) * 0x9E3779B97F4A7C15u, h ^= h >> 29;
    return h;
  }
};
struct text_hash {
  std::size_t operator()(const string& s) const noexcept { return std::hash<std::string_view>()(s); }
};
struct repeats {
  kept_finding* last = nullptr;  // the finding that the key last resolved to; null: beyond max_reports
  unsigned fruitless = 0;        // resolved repeats since the key last brought a new finding
};
constexpr unsigned resolved_repeats = 64;
constexpr std::size_t remembered_keys = 1 << 20;  // the memory is a shortcut: forgetting costs time only

struct state {
  report_options options;
  bool configured = false;
  bool colour = false;
  unordered_map<raw_key, repeats, raw_key_hash> keys;
  unordered_map<string, kept_finding*, text_hash> by_fingerprint;
  suppression_list suppressions;
  thread_owned_heap thread_heap;
  std::uint64_t next_document_at = 1;
};

constinit report_lock lock;
constinit std::atomic<kept_finding*> first{nullptr};
constinit kept_finding* last = nullptr;
constinit std::atomic<std::uint64_t> distinct{0}, occurrences{0}, not_shown{0};
constinit std::atomic<bool> gating{false};
constinit std::atomic<std::uint64_t> of_kind[5]{};    // `distinct` that are proved, by finding_kind
constinit std::atomic<std::uint64_t> unproved{0};     // and the others
constinit std::atomic<std::uint64_t> dropped{0};      // counted, not resolved
constinit std::atomic<std::uint64_t> ending_said{0};  // occurrences that the last ending told of; +1
constinit audit* the_audit = nullptr;                 // of the end
state* the_state = nullptr;  // never destroyed: races may come after static destructors

// What suppressions cover ends here, one for each rule; not in the list.
constinit kept_finding* suppressed_by = nullptr;
constinit std::size_t suppression_rules = 0;
constinit std::atomic<std::uint64_t> suppressed{0};  // distinct

bool is_suppressed(const kept_finding* k) {
  return k != nullptr && k >= suppressed_by && k < suppressed_by + suppression_rules;
}
std::uint64_t times_suppressed() {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < suppression_rules; ++i)
    sum += suppressed_by[i].count.load(std::memory_order_relaxed);
  return sum;
}

void count(kept_finding* k, std::uint64_t times = 1) {
  if (k) k->count.fetch_add(times, std::memory_order_relaxed);
  if (k) k->tests.add(current_test());
  if (!is_suppressed(k)) occurrences.fetch_add(times, std::memory_order_relaxed);
}

// What the document says of each rule; as many as there are rules.
constinit suppression_use* uses = nullptr;

unlisted_findings unlisted() {
  for (std::size_t i = 0; i < suppression_rules; ++i) uses[i].count = suppressed_by[i].count.load();
  return {not_shown.load(), suppressed.load(), uses, suppression_rules};
}

bool json() { return the_state->options.format == report_format::json; }

// Pieces and their text live as long as the process.
const char* immortal(const string& text) {
  char* p = static_cast<char*>(internal_allocate(text.size() + 1));
  std::memcpy(p, text.c_str(), text.size() + 1);
  return p;
}

void log_finding(const finding& f) {
  string text;
  if (the_state->options.format == report_format::tsan)
    text = tsan_header(f.kind, static_cast<std::uint64_t>(raw_pid()));
  text += render_text(f, {the_state->colour});
  log_text(text.data(), text.size());
}

kept_finding* publish(const finding& f) {
  auto* k = internal_new<kept_finding>();
  k->gates = the_state->options.gates(f.kind, f.backing);
  k->waits = f.waits.size();
  k->backing = f.backing;
  k->kind = word(f.kind);
  k->fingerprint = immortal(f.fingerprint);
  k->text = immortal(render_text(f, {}));
  k->scopes = f.scopes;
  k->tests.add(current_test());
  if (json()) k->piece = immortal(render_piece(f));
  if (last)
    last->next.store(k, std::memory_order_release);
  else
    first.store(k, std::memory_order_release);
  last = k;
  return k;
}

// More is known of a finding.
void complete(kept_finding* k, const finding& f) {
  if (k == nullptr || is_suppressed(k) || f.waits.size() <= k->waits) return;
  k->waits = f.waits.size();
  if (json()) {
    k->piece.store(immortal(render_piece(f)), std::memory_order_release);
    return;
  }
  const string text = render_addendum(f);
  log_text(text.data(), text.size());
}

// What was predicted, or suspected, has been seen.
bool is_surer(const kept_finding* k, const finding& f) {
  return k != nullptr && !is_suppressed(k) && f.backing == certainty::proved &&
         k->backing != certainty::proved;
}
void promote(kept_finding* k, const finding& f) {
  k->backing = f.backing;
  k->gates = the_state->options.gates(f.kind, f.backing);
  k->waits = f.waits.size();
  k->text = immortal(render_text(f, {}));
  unproved.fetch_sub(1, std::memory_order_relaxed);
  of_kind[static_cast<std::size_t>(f.kind)].fetch_add(1, std::memory_order_relaxed);
  if (k->gates) gating.store(true, std::memory_order_release);
  if (json()) {
    k->piece.store(immortal(render_piece(f)), std::memory_order_release);
  } else {
    log_finding(f);
  }
  if (k->gates && the_state->options.halt_on_error) halt();
}

// A finding that is known: where else it was seen.
void add_scopes(kept_finding* k, finding& f) {
  if (k == nullptr || is_suppressed(k) || f.scopes.empty()) return;
  bool more = false;
  for (const scope_description& s : f.scopes) {
    const auto known = std::find(k->scopes.begin(), k->scopes.end(), s);
    if (known != k->scopes.end())
      ++known->count;
    else
      k->scopes.push_back(s), more = true;
  }
  if (!json()) {
    const string text = more ? render_again(f) : string();
    return log_text(text.data(), text.size());
  }
  finding all = f;
  all.scopes = k->scopes;
  k->piece.store(immortal(render_piece(all)), std::memory_order_release);
}

// pre: lock held. The finding's fingerprint is set. `is_new`: it was not known before.
kept_finding* keep_locked(finding& f, bool& is_new) {
  state& s = *the_state;
  if (const auto known = s.by_fingerprint.find(f.fingerprint); known != s.by_fingerprint.end()) {
    is_new = false;
    if (known->second != nullptr) known->second->tests.add(current_test());
    if (is_surer(known->second, f)) {
      promote(known->second, f);
    } else if (f.addendum) {
      complete(known->second, f);
    } else {
      count(known->second);
      add_scopes(known->second, f);
    }
    return known->second;
  }
  is_new = true;
  if (const std::size_t rule = s.suppressions.covering(f); rule != suppression_list::none) {
    s.by_fingerprint.emplace(f.fingerprint, &suppressed_by[rule]);
    suppressed.fetch_add(1, std::memory_order_relaxed);
    count(&suppressed_by[rule]);
    return &suppressed_by[rule];
  }
  const bool gates = s.options.gates(f.kind, f.backing);
  const bool shown =
      s.options.max_reports == 0 || distinct.load(std::memory_order_relaxed) < s.options.max_reports;
  kept_finding* k = shown ? publish(f) : nullptr;
  s.by_fingerprint.emplace(f.fingerprint, k);
  if (gates) gating.store(true, std::memory_order_release);
  if (!shown) not_shown.fetch_add(1, std::memory_order_relaxed);
  (f.backing == certainty::proved ? of_kind[static_cast<std::size_t>(f.kind)] : unproved)
      .fetch_add(1, std::memory_order_relaxed);
  const std::uint64_t n = distinct.fetch_add(1, std::memory_order_release) + 1;
  occurrences.fetch_add(1, std::memory_order_relaxed);
  if (shown && !json()) {
    log_finding(f);
  }
  if (json() && log_is_replaceable() && n >= s.next_document_at) {
    s.next_document_at = n + 1 + n / 8;
    log_document(first.load(), unlisted(), {});
  }
  if (gates && s.options.halt_on_error) halt();
  return k;
}

class report_scope {
 public:
  report_scope() : held_(lock.lock()), errno_(errno) {}
  ~report_scope() {
    if (held_) lock.unlock();
    errno = errno_;
  }
  bool held() const { return held_; }

 private:
  internal_scope internal_;
  bool held_;
  int errno_;
};

}  // namespace

void configure_reporter(const report_options& options, suppression_list suppressions) noexcept {
  the_state = internal_new<state>();
  the_state->options = options;
  the_state->suppressions = std::move(suppressions);
  suppression_rules = the_state->suppressions.size();
  suppressed_by = internal_allocator<kept_finding>().allocate(suppression_rules);
  for (std::size_t i = 0; i < suppression_rules; ++i) ::new (&suppressed_by[i]) kept_finding{.count = 0};
  uses = internal_allocator<suppression_use>().allocate(suppression_rules);
  for (std::size_t i = 0; i < suppression_rules; ++i)
    uses[i] = {immortal(quoted_json(the_state->suppressions.text(i))), the_state->suppressions.line(i), 0};
  open_log(options);
  const char* no_colour = getenv("NO_COLOR");
  the_state->colour = log_is_terminal() && !(no_colour && *no_colour);
  the_state->configured = true;
}

const report_options& reporter_options() noexcept {
  static constinit const report_options* defaults = nullptr;
  if (the_state) return the_state->options;
  if (!defaults) defaults = internal_new<report_options>();
  return *defaults;
}

namespace {

// pre: lock held. Finding the names takes stack; repetitions that are merely counted do not come here.
// Each scope in it passes over what it ignores.
bool is_ignored(const finding& f, std::span<const raw_scope> scopes) {
  const auto ignores = [&](const raw_scope& s) {
    return std::any_of(s.ignored.begin(), s.ignored.end(),
                       [&](const char* pattern) { return matches_standstill(pattern, f); });
  };
  return !scopes.empty() && std::all_of(scopes.begin(), scopes.end(), ignores);
}

template <class Raw>
kept_finding* resolve_and_keep(const Raw& raw, bool& is_new, told_finding* became = nullptr) noexcept {
  kept_finding* kept = nullptr;
  with_room([&] {
    finding f = resolve(raw, the_state->options.strip_path_prefix);
    if constexpr (std::is_same_v<Raw, raw_deadlock>)
      if (is_ignored(f, raw.scopes)) return;
    f.fingerprint = fingerprint(f);
    kept = keep_locked(f, is_new);
    if (became != nullptr && !is_suppressed(kept))
      *became = {true, word(f.kind), f.shape, f.fingerprint, render_text(f, {})};
  });
  return kept;
}

}  // namespace

void report(const raw_race& race) noexcept {
  const report_scope scope;
  if (!scope.held()) {  // a race of the reporter's own thread, below a signal handler: counted, not resolved
    occurrences.fetch_add(race.times, std::memory_order_relaxed);
    dropped.fetch_add(race.times, std::memory_order_relaxed);
    return;
  }
  if (!the_state) configure_reporter({});
  state& s = *the_state;
  if (race.turn != 0 && (in_thread_locals(race.address) || s.thread_heap.holds(race.address, race.turn)))
    return;
  if (s.keys.size() > remembered_keys) s.keys.clear();
  const raw_key key = key_of(race);
  if (const auto known = s.keys.find(key);
      known != s.keys.end() && known->second.fruitless >= resolved_repeats)
    return count(known->second.last, race.times);
  bool is_new = false;
  kept_finding* k = resolve_and_keep(race, is_new);
  repeats& r = s.keys[key];
  r.last = k;
  r.fruitless = is_new ? 0 : r.fruitless + 1;
  if (race.times > 1) count(k, race.times - 1);
}

namespace {

template <class Raw>
void report_once(const Raw& raw, std::uint64_t times, told_finding* became = nullptr) noexcept {
  const report_scope scope;
  if (!scope.held()) {
    occurrences.fetch_add(times, std::memory_order_relaxed);
    dropped.fetch_add(times, std::memory_order_relaxed);
    return;
  }
  if (!the_state) configure_reporter({});
  bool is_new = false;
  kept_finding* const kept = resolve_and_keep(raw, is_new, became);
  if (times > 1) count(kept, times - 1);
}

}  // namespace

void report(const raw_misuse& misuse) noexcept { report_once(misuse, 1); }
void report(const raw_deadlock& deadlock, told_finding* became) noexcept {
  report_once(deadlock, deadlock.times, became);
}
void report(const raw_unjoined& threads) noexcept { report_once(threads, threads.times); }

bool fits_actor(std::span<const char* const> patterns, events::goroutine_id who, const hooks::site* site,
                context_id context) noexcept {
  const internal_scope internal;
  bool fits = false;
  with_room([&] {
    finding f;
    name_actor(f, static_cast<std::uint64_t>(who), {});
    f.waits.emplace_back();
    bool folded = false;
    f.waits.back().stack = stack_of(site, context, {}, folded);
    fits = std::any_of(patterns.begin(), patterns.end(),
                       [&](const char* pattern) { return matches_standstill(pattern, f); });
  });
  return fits;
}

void keep(finding f) noexcept {
  const report_scope scope;
  if (!scope.held()) return;
  if (!the_state) configure_reporter({});
  f.fingerprint = fingerprint(f);
  bool is_new = false;
  keep_locked(f, is_new);
}

std::uint64_t findings_kept() noexcept { return distinct.load(std::memory_order_acquire); }
bool gating_findings() noexcept { return gating.load(std::memory_order_acquire); }

namespace {

// Rules that nothing needs any more hide the next finding that they happen to match.
string unused_suppressions() {
  string out;
  for (std::size_t i = 0; i < suppression_rules; ++i)
    if (suppressed_by[i].count.load(std::memory_order_relaxed) == 0)
      append(out, "  unused suppression, line ", the_state->suppressions.line(i), ": ",
             the_state->suppressions.text(i), "\n");
  return out;
}

bool wants_audit(const audit& a) {
  switch (the_state->options.audit) {
    case audit_wish::never:
      return false;
    case audit_wish::automatic:
      return !a.complete() || distinct.load(std::memory_order_relaxed) != 0 || (!json() && log_is_terminal());
    default:
      return true;
  }
}

void log_line(const string& text) {
  if (text.empty()) return;
  if (json())
    raw_write_all(STDERR_FILENO, text.data(), text.size());
  else
    log_text(text.data(), text.size());
}

}  // namespace

bool take_final_audit() noexcept {
  if (!the_state) return true;
  if (!the_audit) the_audit = internal_new<audit>(take_audit(dropped.load(std::memory_order_relaxed)));
  return the_audit->complete();
}

void write_ending(const run_end& given) noexcept {
  if (!the_state) return;
  run_end end = given;
  if (the_audit && json()) end.audit = immortal(render_audit_piece(*the_audit));
  const std::uint64_t n = distinct.load(std::memory_order_acquire),
                      all = occurrences.load(std::memory_order_relaxed),
                      hidden = not_shown.load(std::memory_order_relaxed),
                      covered = suppressed.load(std::memory_order_relaxed),
                      covered_times = times_suppressed();
  const auto of = [](finding_kind k) { return of_kind[static_cast<std::size_t>(k)].load(); };
  const bool news = ending_said.exchange(all + covered_times + 1) != all + covered_times + 1;
  if (json() && (news || log_is_replaceable()))
    log_document(first.load(std::memory_order_acquire), unlisted(), end);
  if (!news || (json() && !log_is_replaceable())) return;
  // (Of a document too: a failing exit status wants a word on the terminal.)
  string text;
  if (n + covered != 0)
    text = render_summary({.races = of(finding_kind::race),
                           .misuses = of(finding_kind::misuse),
                           .deadlocks = of(finding_kind::deadlock),
                           .leaks = of(finding_kind::leak),
                           .possible = unproved.load(),
                           .not_shown = hidden,
                           .repeats = all - n,
                           .suppressed = covered,
                           .times_suppressed = covered_times,
                           .seed = snag::detail::option("seed")});
  text += unused_suppressions();
  if (the_audit && wants_audit(*the_audit))
    text += render_audit(*the_audit, the_state->options.audit == audit_wish::full);
  log_line(text);
}

void write_before_exec() noexcept {
  if (!the_state || !json() || !log_is_replaceable() || distinct.load() == 0) return;
  const bool was = log_under_own_name(true);
  log_document(first.load(std::memory_order_acquire), unlisted(), {"exec", nullptr, -1});
  log_under_own_name(was);
}

bool hold_reports() noexcept { return lock.lock_with_patience(); }
void release_reports() noexcept { lock.unlock(); }

void forget_findings_after_fork() noexcept {
  first.store(nullptr);
  last = nullptr;
  distinct = 0;
  occurrences = 0;
  not_shown = 0;
  suppressed = 0;
  dropped = 0;
  for (auto& n : of_kind) n = 0;
  unproved = 0;
  the_audit = nullptr;
  for (std::size_t i = 0; i < suppression_rules; ++i) suppressed_by[i].count = 0;
  gating = false;
  ending_said = 0;
  if (the_state) {
    the_state->keys.clear();
    the_state->by_fingerprint.clear();
    the_state->next_document_at = 1;
  }
  lock.reset();
}

}  // namespace snag::detector

// For <snag/findings.h>, which says the same.
extern "C" void snag_visit_findings(void (*visit)(void* to, const char* kind, const char* fingerprint,
                                                  const char* text, unsigned long count, int gates),
                                    void* to) noexcept {
  using namespace snag::detector;
  for (const kept_finding* k = first.load(std::memory_order_acquire); k != nullptr;
       k = k->next.load(std::memory_order_acquire))
    visit(to, k->kind, k->fingerprint, k->text, k->count.load(std::memory_order_relaxed), k->gates);
}
