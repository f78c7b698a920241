// SPDX-License-Identifier: Apache-2.0
#include "detector/fingerprint.h"

#include <algorithm>
#include <string_view>

#include "detector/render_words.h"
#include "detector/src/call_receiver.h"
#include "detector/src/lambda_names.h"
#include "detector/src/text.h"

namespace snag::detector {
namespace {

// FNV-1a, 128 bits: campaigns merge millions of findings by this value.
class hasher {
 public:
  void add(std::string_view text) {
    for (const char c : text) mix(static_cast<unsigned char>(c));
    mix(0);  // "ab","c" differs from "a","bc"
  }
  unsigned __int128 value() const { return state_; }

 private:
  void mix(unsigned char byte) {
    constexpr unsigned __int128 prime = (static_cast<unsigned __int128>(1) << 88) + 0x13B;
    state_ = (state_ ^ byte) * prime;
  }
  unsigned __int128 state_ = static_cast<unsigned __int128>(0x6c62272e07bb0142) << 64 |
                             static_cast<unsigned __int128>(0x62b821756295c58d);
};

bool in_library(const access_description& a) { return !a.through.empty(); }

std::string_view manner(const access_description& a) {
  const std::string_view operation = a.operation;
  if (operation.starts_with("atomic")) return "atomic";
  return operation == "read" || operation == "write" || in_library(a) ? std::string_view("plain") : operation;
}

bool qualified(const access_description& a, const finding& f) {
  if (in_library(a)) return false;
  return a.variable.find("::") != string::npos ||
         (!a.variable.empty() && f.memory.kind == "global" && a.variable == f.memory.name);
}

// `callers`: how many of the user's functions above the first tell this place from others.
string place(const access_description& a, unsigned callers, std::uint32_t ordinal) {
  string out;
  append(out, manner(a), "|", in_library(a) ? a.through : a.expression, "|", ordinal);
  unsigned wanted = callers + 1;
  for (const source_frame& frame : a.stack) {
    if (frame.runtime || (in_library(a) && frame.library)) continue;
    append(out, "|", without_lambda_numbers(frame.function));
    if (--wanted == 0) break;
  }
  return out;
}

bool called_on(const finding& f, std::string_view name) {
  return std::any_of(f.accesses.begin(), f.accesses.end(), [&](const access_description& a) {
    const std::string_view object = first_name_of(a.object);
    return !object.empty() && name.ends_with(object) &&
           (name.size() == object.size() || name.substr(0, name.size() - object.size()).ends_with("::"));
  });
}

// Elements of a container move from block to block: only an object whose
// name the calls do not say counts there.
string object(const finding& f, bool in_libraries) {
  string out;
  if (in_libraries && (f.memory.kind != "global" || called_on(f, f.memory.name))) return out;
  append(out, f.memory.kind, "|", f.memory.kind == "global" ? std::string_view(f.memory.name) : "");
  if (f.memory.kind == "heap")
    if (const source_frame* frame = user_frame(f.memory.allocated_at))
      append(out, "|", without_lambda_numbers(frame->function));
  return out;
}

enum class detail { full, places };

string hashed(const finding& f, detail how) {
  hasher h;
  h.add(f.rule);
  vector<string> sides;
  // Of those who are merely left: where they were started.
  if (f.rule == "still-running" || f.rule == "thread-not-joined")
    for (const actor_description& a : f.actors)
      if (const source_frame* frame = user_frame(a.created_at)) {
        string side = without_lambda_numbers(frame->function);
        append(side, "|", frame->call);
        sides.push_back(std::move(side));
        break;
      }
  // Of those who wait for ever: where, and for what; not who, nor how many of them.
  for (const wait_description& w : f.waits) {
    if (w.behind || f.rule == "still-running") continue;
    string side = w.state;
    if (const source_frame* frame = user_frame(w.stack))
      append(side, "|", without_lambda_numbers(frame->function), "|", frame->call);
    for (const wait_target_description& t : w.targets) append(side, "|", t.operation, "|", t.kind);
    if (std::find(sides.begin(), sides.end(), side) == sides.end()) sides.push_back(side);
  }
  vector<string> names;
  bool all_qualified = !f.accesses.empty(), in_libraries = all_qualified;
  for (const access_description& a : f.accesses) {
    const bool q = qualified(a, f);
    all_qualified = all_qualified && q;
    sides.push_back(how == detail::full ? place(a, q ? 0 : 1, a.ordinal) : place(a, 0, 0));
    in_libraries = in_libraries && in_library(a);
    if (in_library(a)) continue;
    string name = a.variable;
    append(name, "|", a.type);
    if (!a.variable.empty() && std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(name);
  }
  std::sort(sides.begin(), sides.end());
  std::sort(names.begin(), names.end());
  for (const string& s : names) h.add(s);
  for (const string& s : sides) h.add(s);
  if (!all_qualified) h.add(object(f, in_libraries));
  string out;
  append(out, hex{static_cast<std::uint64_t>(h.value() >> 64), 16},
         hex{static_cast<std::uint64_t>(h.value()), 16});
  return out;
}

}  // namespace

string fingerprint(const finding& f) { return hashed(f, detail::full); }

string place_fingerprint(const finding& f) { return hashed(f, detail::places); }

}  // namespace snag::detector
