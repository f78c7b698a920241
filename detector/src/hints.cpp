// SPDX-License-Identifier: Apache-2.0
#include "detector/src/hints.h"

#include <algorithm>
#include <string_view>

#include "detector/src/describe.h"
#include "detector/src/text.h"

namespace snag::detector {
namespace {

using access = access_description;

bool is_atomic(const access& a) { return a.operation.starts_with("atomic"); }
bool writes(const access& a) { return a.operation != "read" && a.operation != "atomic read"; }

string name_of(const finding& f) {
  for (const access& a : f.accesses)
    if (!a.object.empty()) return a.object;
  for (const access& a : f.accesses)
    if (!a.variable.empty()) return a.variable;
  if (!f.memory.name.empty()) return f.memory.name;
  return "the memory";
}

string name_of(const lock_description& l) {
  if (!l.name.empty()) return l.name;
  string out = "a ";
  append(out, l.kind);
  return out;
}

string place_of(const access& a) {
  string out;
  if (const source_frame* f = user_frame(a.stack)) append(out, f->file, ":", f->line);
  return out;
}

// What it is that ends at `end`: the variable, not the part of it that the other side accesses.
string name_of_ended(const finding& f, const access& end) {
  return !end.object.empty() ? end.object : !end.variable.empty() ? end.variable : name_of(f);
}

// A lifetime that begins or ends: no lock would help.
bool bounds_life(const access& a) {
  return a.operation == "free" || a.operation == "end of scope" || a.operation == "allocation";
}

string names_of(const vector<lock_description>& locks) {
  string out;
  for (const lock_description& l : locks) append(out, out.empty() ? "" : " and ", name_of(l));
  return out;
}

const lock_description* same_lock(const lock_description& lock, const vector<lock_description>& others) {
  const auto found = std::find_if(others.begin(), others.end(),
                                  [&](const lock_description& o) { return o.address == lock.address; });
  return found == others.end() ? nullptr : &*found;
}

struct collector {
  vector<hint> all;
  template <class... Parts>
  void add(const char* rule, const Parts&... parts) {
    hint h;
    h.rule = rule;
    append(h.text, parts...);
    all.push_back(std::move(h));
  }
};

void about_lifetime(const finding& f, collector& out) {
  for (std::size_t i = 0; i < 2; ++i) {
    const access &end = f.accesses[i], &other = f.accesses[1 - i];
    if (end.operation == "free")
      return out.add(
          "freed-in-use", "the block is freed at ", place_of(end), " while the access at ", place_of(other),
          " may still come: wait for its goroutine first, or let the last user free it (std::shared_ptr).");
    if (end.operation == "end of scope")
      return out.add("outlived-by-goroutine", name_of_ended(f, end), " ends with its scope at ",
                     place_of(end), " while the access at ", place_of(other),
                     " may still come: wait for its goroutine before the scope ends, or give it a copy.");
    if (end.operation == "allocation")
      return out.add(
          "published-unsynchronised", "the block made at ", place_of(end), " reaches the access at ",
          place_of(other),
          " without synchronisation: hand the pointer over by a channel, under a lock or as an atomic.");
  }
}

void about_locks(const finding& f, collector& out) {
  const access &a = f.accesses[0], &b = f.accesses[1];
  for (const lock_description& l : a.locks)
    if (const lock_description* other = same_lock(l, b.locks)) {
      // Both hold it and still are not ordered: for reading.
      const access* const writer = l.mode == "shared" && writes(a)        ? &a
                                   : other->mode == "shared" && writes(b) ? &b
                                                                          : nullptr;
      if (writer != nullptr)
        out.add("written-under-read-lock", "the ", writer->operation, " at ", place_of(*writer), " holds ",
                name_of(l), " for reading only: take it for writing.");
      return;
    }
  if (!a.locks.empty() && !b.locks.empty()) {
    string first = names_of(a.locks), second = names_of(b.locks);
    if (first == second) {  // elements of an array, members of two objects
      append(first, " at 0x", hex{a.locks.front().address});
      append(second, " at 0x", hex{b.locks.front().address});
    }
    return out.add("different-locks", "the accesses hold different locks, ", first, " and ", second,
                   ": only one and the same lock orders them.");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const access &locked = f.accesses[i], &bare = f.accesses[1 - i];
    if (!locked.locks.empty() && bare.locks.empty() && bare.operation != "end of scope")
      return out.add("one-side-forgot-the-lock", "the ", locked.operation, " at ", place_of(locked),
                     " holds ", names_of(locked.locks), ", the ", bare.operation, " at ", place_of(bare),
                     " no lock: take the same lock there.");
  }
}

void about_atomics(const finding& f, collector& out) {
  for (std::size_t i = 0; i < 2; ++i) {
    const access &atomic = f.accesses[i], &plain = f.accesses[1 - i];
    if (is_atomic(atomic) && !is_atomic(plain) && !bounds_life(plain))
      return out.add("atomic-on-one-side", "the ", atomic.operation, " at ", place_of(atomic),
                     " is atomic, the ", plain.operation, " at ", place_of(plain),
                     " is not: an atomic access orders nothing that is not atomic or ordered by it.");
  }
}

void about_flags(const finding& f, const hint_clues& clues, collector& out) {
  for (std::size_t i = 0; i < 2; ++i)
    if (clues.polls[i] && !writes(f.accesses[i]) && !is_atomic(f.accesses[i]))
      return out.add(
          "polled-plain-flag", name_of(f), " is polled at ", place_of(f.accesses[i]),
          ", but a plain variable neither arrives in time nor orders what was written before it: make it "
          "std::atomic, or wait on a channel.");
}

void about_captures(const finding& f, collector& out) {
  if (f.accesses[0].actor == f.accesses[1].actor) return;
  for (const access& a : f.accesses)
    if (a.capture.starts_with("by reference"))
      return out.add("captured-by-reference", !a.object.empty() ? a.object : name_of(f), " is captured ",
                     a.capture,
                     ": the goroutine shares it with whoever made it. Capture a copy, or synchronise.");
}

void about_containers(const finding& f, collector& out) {
  const access &a = f.accesses[0], &b = f.accesses[1];
  if ((a.through.empty() && b.through.empty()) || bounds_life(a) || bounds_life(b)) return;
  if (is_atomic(a) || is_atomic(b)) return;    // std::atomic_ref: not an object that lacks a lock
  if (a.in_argument || b.in_argument) return;  // what was only read there
  const string& object = a.object.empty() ? b.object : a.object;
  if (object.empty() || !(a.locks.empty() && b.locks.empty())) return;
  out.add(
      "container-not-synchronised", object,
      " is changed by one goroutine while another uses it, and the standard library's objects do not lock "
      "themselves: guard it with a mutex, or let one goroutine own it.");
}

}  // namespace

vector<hint> hints_for(const finding& f, const hint_clues& clues) {
  collector out;
  if (f.kind != finding_kind::race || f.accesses.size() != 2) return {};
  about_lifetime(f, out);
  if (clues.adds_inside)
    out.add("add-inside-the-goroutine",
            "the goroutine itself calls add() on the wait group: wait() may return before that. Call add() "
            "before the "
            "goroutine starts, or start it with wait_group::go.");
  about_locks(f, out);
  about_atomics(f, out);
  about_flags(f, clues, out);
  about_captures(f, out);
  about_containers(f, out);
  return std::move(out.all);
}

}  // namespace snag::detector
