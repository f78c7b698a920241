// SPDX-License-Identifier: Apache-2.0
#include "detector/src/lock_names.h"

#include "detector/src/call_receiver.h"
#include "detector/src/called_object.h"
#include "detector/src/object_kinds.h"
#include "detector/src/object_path.h"
#include "detector/src/text.h"

namespace snag::detector {
namespace {

string copy(std::string_view text) { return string(text.data(), text.size()); }

// With elements numbered, and the class of a member that its own functions name alone.
string name_of(const called_object& o, std::uint64_t address, const memory_description& memory) {
  const auto path = parse_path(o.path);
  if (!path) return copy(o.expression);
  access_description a;
  describe_path(a, *path, address, memory);
  if (a.path.empty() || a.path.find_first_of(".[>") != string::npos || a.record.empty())
    return a.path.empty() ? copy(o.expression) : a.path;
  string out = a.record;
  append(out, "::", a.path);
  return out;
}

}  // namespace

string lock_name(const lock_facts& lock, const hooks::site* taken, std::string_view call,
                 const memory_description& memory) {
  called_object object = taken == nullptr ? called_object() : called_object_of(*taken);
  // A wait for a condition variable is known as a call on the mutex that it takes again.
  if (is_condition(lock.kind) && object.use == "lock") {
    object = {};
    if (const std::string_view receiver = receiver_of(call); !receiver.empty()) return copy(receiver);
    if (const std::string_view first = first_argument_of(call); !first.empty()) return copy(first);
  }
  const bool global = memory.kind == "global" && !memory.name.empty();
  // A global that is the lock and nothing else.
  if (global && (object.expression.empty() || object.size == 0 || memory.size <= object.size))
    return memory.name;
  if (!object.expression.empty()) return name_of(object, lock.address, memory);
  std::string_view name = receiver_of(call);
  if (name.empty()) name = first_argument_of(call);
  return copy(name);
}

}  // namespace snag::detector
