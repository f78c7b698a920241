// SPDX-License-Identifier: Apache-2.0
#include "detector/src/resolve.h"

#include "detector/src/called_object.h"
#include "detector/src/describe.h"
#include "detector/src/hints.h"
#include "detector/src/object_path.h"
#include "detector/src/site_text.h"
#include "detector/src/text.h"

namespace snag::detector {
namespace {

// What the user would call it.
void append_name(string& out, const finding& f) {
  for (const access_description& a : f.accesses)
    if (!a.object.empty()) return append(out, " on ", a.object);
  for (const access_description& a : f.accesses) {
    if (a.variable.empty()) continue;
    append(out, " on ", a.variable);
    if (!a.type.empty()) append(out, " (", a.type, ")");
    return;
  }
  if (!f.memory.name.empty()) append(out, " on ", f.memory.name);
}

}  // namespace

// The earlier access's actor would have had to release after it, and the later one's to acquire that.
string missing_edge(const finding& f) {
  const access_description &now = f.accesses[0], &before = f.accesses[1];
  string out = actor_word(f, before.actor);
  if (const source_frame* at = user_frame(before.last_release)) {
    append(out, " last released at ", at->file, ":", at->line);
    if (!at->call.empty()) append(out, " (", at->call, ")");
    append(out, ", before the ", before.operation);
  } else {
    append(out, " released nothing before the ", before.operation);
  }
  append(out, "; nothing orders that before the ", now.operation, " by ", actor_word(f, now.actor));
  return out;
}

void describe_order(finding& f, const raw_race& race, std::string_view prefix) {
  f.release_met = race.release_met && !f.accesses[1].last_release.empty();
  constexpr std::size_t longest = 16;  // of a line of ancestors; more tell nothing
  for (const access_description& a : f.accesses)
    for (std::uint64_t id = a.actor, n = 0; id != 0 && n < longest; ++n) {
      for (const start_description& s : f.starts)
        if (s.actor == id) id = 0;
      if (id == 0) break;
      const actor_description d = describe_actor(id, prefix);
      f.starts.push_back({id, d.kind, d.name, d.parent, d.created_at});
      id = d.parent;
    }
}

namespace {

// Whether the goroutine of `inner` itself adds to a wait group, while the function of `outer` waits for one.
bool adds_inside(const raw_access& inner, const raw_access& outer) {
  const auto calls = [](const raw_access& a, std::string_view member) {
    struct outermost {
      const hooks::site* found;
    } last{a.site};
    visit_context(
        a.context, [](void* p, const hooks::site& call) { static_cast<outermost*>(p)->found = &call; },
        &last);
    if (last.found == nullptr) return false;
    const std::string_view function = text_of(last.found->function);
    for (const hooks::site& s : sites_around(*last.found)) {
      if (s.kind != hooks::site_kind::call && s.kind != hooks::site_kind::inlined_call) continue;
      const std::string_view call = text_of(s.expression);
      const auto at = call.rfind(member);
      if (at != call.npos && at != 0 && function == text_of(s.function) && call.ends_with(')')) return true;
    }
    return false;
  };
  return inner.actor != events::goroutine_id::main && calls(inner, ".add(") && calls(outer, ".wait(");
}

string summarise(const finding& f) {
  string out = f.kind == finding_kind::race ? "data race" : "use after free";
  append_name(out, f);
  append(out, ": ");
  append_place(out, f.accesses[0]);
  append(out, " and ");
  append_place(out, f.accesses[1]);
  return out;
}

}  // namespace

namespace {

void describe_elements(finding& f, const raw_race& race) {
  for (int i = 0; const raw_access* a : {&race.current, &race.previous}) {
    access_description& out = f.accesses[i++];
    if (a->site == nullptr || out.stack.empty() || out.stack.front().runtime) continue;
    const std::string_view words = out.through.empty()
                                       ? std::string_view(text_of(a->site->path))
                                       : called_object_of(*user_site(a->site, a->context)).path;
    if (const auto path = parse_path(words)) describe_path(out, *path, race.address, f.memory);
    if (out.block_element >= 0) f.memory.element = out.block_element;
  }
}

}  // namespace

namespace {

// Or the memory of an object that begins or ends beside a use of it, which is a race as any.
bool are_uses(const raw_race& race) {
  const auto is_use = [](access_kind k) {
    return k == access_kind::read || k == access_kind::write || k == access_kind::atomic_write;
  };
  return race.of != events::object_kind::other && is_use(race.current.kind) && is_use(race.previous.kind);
}

}  // namespace

finding resolve(const raw_race& race, std::string_view prefix) {
  if (are_uses(race)) return resolve_uses(race, prefix);
  finding f;
  f.kind = race.ordered ? finding_kind::misuse : finding_kind::race;
  f.rule = race.ordered ? "use-after-free" : "data-race";
  f.accesses.push_back(describe(race.current, race.address, prefix));
  f.accesses.push_back(describe(race.previous, race.address, prefix));
  f.memory = locate(race.address, prefix);
  describe_elements(f, race);
  prefer_arguments(f);
  for (const access_description& a : f.accesses) name_actor(f, a.actor, prefix);
  if (f.memory.owner != 0) name_actor(f, f.memory.owner, prefix);
  f.message = summarise(f);
  if (race.ordered) {
    hint h;
    h.rule = f.rule;
    append(h.text, "the free comes before the ", f.accesses[0].operation,
           " whatever the schedule: let the block live until its last user is done, as a shared_ptr does.");
    f.hints.push_back(std::move(h));
    return f;
  }
  f.missing_edge = missing_edge(f);
  describe_order(f, race, prefix);
  hint_clues clues;
  clues.adds_inside = adds_inside(race.current, race.previous) || adds_inside(race.previous, race.current);
  for (int i = 0; const raw_access* a : {&race.current, &race.previous})
    clues.polls[i++] = a->site != nullptr && (a->site->flags & hooks::site_polls) != 0;
  f.hints = hints_for(f, clues);
  return f;
}

}  // namespace snag::detector
