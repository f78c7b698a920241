// SPDX-License-Identifier: Apache-2.0
// A deadlock or leak as text: one line an edge, then where each of them stands.
#include <algorithm>
#include <utility>

#include "detector/render_words.h"
#include "detector/src/render_parts.h"
#include "detector/src/text.h"

namespace snag::detector {
namespace {

void append_seconds(string& out, double seconds) {
  if (seconds < 0.0005) return;
  const auto ms = static_cast<std::uint64_t>(seconds * 1000 + 0.5);
  append(out, " (");
  if (ms < 1000)
    append(out, ms, " ms)");
  else
    append(out, ms / 1000, ".", (ms % 1000) / 100, " s)");
}

// "to send to channel done".
void append_target(string& out, const wait_target_description& t) {
  if (t.operation == "join") return append(out, "for the end of a thread");
  if (t.operation == "sleep") return append(out, "for time to pass");
  if (t.operation == "input or output") return append(out, "for input or output");
  const bool locks = t.operation.starts_with("lock");
  append(out, t.operation == "wait"      ? "for "
              : t.operation == "send"    ? "to send to "
              : t.operation == "receive" ? "to receive from "
              : locks                    ? "to lock "
                                         : "for ");
  append(out, t.kind);
  if (!t.name.empty())
    append(out, " ", t.name);
  else if (t.address != 0)
    append(out, " 0x", hex{t.address, 12});
  if (t.operation == "lock for reading") append(out, " for reading");
}

void append_edge(string& out, const finding& f, const wait_description& w) {
  append(out, "  ");
  append_actor(out, f, w.actor);
  if (w.alike != 0) append(out, " and ", w.alike, w.alike == 1 ? " other" : " others");
  if (w.state == "running") return append(out, w.alike == 0 ? " runs\n" : " run\n");
  append(out, w.alike == 0 ? " waits" : " wait");
  append_seconds(out, w.seconds);
  if (w.targets.size() != 1) {
    append(out, w.targets.empty() ? " for nothing: a select without cases never goes on\n" : " for any of\n");
    for (const wait_target_description& t : w.targets) {
      append(out, "    ");
      append_target(out, t);
      append(out, ": ", t.reason, "\n");
    }
    return;
  }
  append(out, " ");
  append_target(out, w.targets[0]);
  append(out, ": ", w.targets[0].reason, "\n");
}

void append_edges(string& out, const finding& f) {
  bool behind = false;
  for (const wait_description& w : f.waits) {
    if (w.behind && !std::exchange(behind, true)) append(out, "behind them\n");
    append_edge(out, f, w);
  }
  append(out, "\n");
}

void append_wait(string& out, const finding& f, const wait_description& w) {
  if (w.state == "running") return;
  append(out, capitalised(actor_word(f, w.actor)), " [", w.state, "]:\n");
  append_stack(out, w.stack, w.recursion_folded, "(in code that was not compiled with the Snag plugin)",
               innermost::users);
  for (const wait_target_description& t : w.targets) {
    if (t.last_handle_of == 0) continue;
    append(out, "  the last ", last_handle_word(t), " went, by ", actor_word(f, t.last_handle_of), ", at:\n");
    append_stack(out, t.last_handle, false, "(in code that was not compiled with the Snag plugin)",
                 innermost::users);
  }
  for (const wait_target_description& t : w.targets)
    for (const holder_description& h : t.held_by) {
      if (h.taken_at.empty() || h.mode.empty() || h.mode == "queued") continue;
      append(out, "  what it waits for was ", h.mode == "shared" ? "locked for reading by " : "locked by ",
             actor_word(f, h.actor), " at:\n");
      append_stack(out, h.taken_at, false, "(unknown)", innermost::users);
    }
  append(out, "\n");
}

void append_scope(string& out, const scope_description& s) {
  append(out, "In leak_check");
  if (!s.name.empty()) append(out, " \"", s.name, "\"");
  if (!s.file.empty()) append(out, " at ", s.file, ":", s.line);
  append(out, "\n");
}

bool is_of_threads(const finding& f) {
  return !f.actors.empty() && f.actors[0].kind == "thread" &&
         (f.rule == "still-running" || f.rule == "thread-not-joined");
}

}  // namespace

string render_addendum(const finding& f) {
  string out;
  append(out, "More wait behind the ", f.kind == finding_kind::leak ? "leak" : "deadlock", " told of above (",
         f.shape, ", ", f.fingerprint, "):\n");
  for (const wait_description& w : f.waits) {
    if (!w.behind) continue;
    append_edge(out, f, w);
    append_stack(out, w.stack, w.recursion_folded, "(in code that was not compiled with the Snag plugin)",
                 innermost::users);
  }
  return out;
}

string render_again(const finding& f) {
  string out;
  append(out, "The ", f.kind == finding_kind::leak ? "leak" : "deadlock", " told of above (", f.shape, ", ",
         f.fingerprint, ") again\n");
  for (const scope_description& s : f.scopes) append_scope(out, s);
  return out;
}

string render_deadlock(const finding& f, bool colour) {
  string out;
  if (colour) append(out, "\033[1;31m");
  append(out, "WARNING: ",
         f.backing == certainty::predicted   ? "POSSIBLE "
         : f.backing == certainty::suspected ? "SUSPECTED "
                                             : "");
  append(out, f.kind != finding_kind::leak ? "DEADLOCK"
              : is_of_threads(f)           ? "THREAD LEAK"
                                           : "GOROUTINE LEAK");
  if (colour) append(out, "\033[0m");
  append(out, " (", f.shape, ")\n");
  for (const scope_description& s : f.scopes) append_scope(out, s);
  if (f.waits.empty()) append(out, "  ", f.message, "\n");
  append_edges(out, f);
  for (const wait_description& w : f.waits) append_wait(out, f, w);
  // Everybody but those who are only in somebody's way.
  const auto takes_part = [&](std::uint64_t id) {
    return std::any_of(f.waits.begin(), f.waits.end(), [&](const wait_description& w) {
      return w.actor == id || std::any_of(w.targets.begin(), w.targets.end(),
                                          [&](const auto& t) { return t.last_handle_of == id; });
    });
  };
  for (const actor_description& a : f.actors) {
    if (!f.waits.empty() && !takes_part(a.id)) continue;
    append_creation(out, a);
    if (f.waits.empty() && !a.name.empty())
      append(out, capitalised(a.kind), " ", a.id, " is named \"", a.name, "\"\n");
  }
  const bool left = f.waits.empty() || f.rule == "still-running";
  if (!f.remedy.empty())
    append(out, left ? "Nobody would be left if " : "They would go on if ", f.remedy, ".\n");
  return out;
}

}  // namespace snag::detector
