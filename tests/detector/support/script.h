// SPDX-License-Identifier: Apache-2.0
#pragma once
// Scripted events: a program reduced to what the detector learns of it. One thread plays all goroutines, so a
// script is deterministic, needs no sleeps, and a failure is replayed from its text or its seed. The same
// script runs on the real core (scripted_core.h) and on the naive oracle (oracle.h), which share nothing but
// this file.
#include <cstdint>
#include <string>
#include <vector>

namespace snag::testing {

inline constexpr int arena_bytes = 48;  // the program's memory, byte offsets from 0
inline constexpr int objects = 6;       // read-write locks, wait groups: any acquire/release object
inline constexpr int mutexes = 2;       // held by one at a time
inline constexpr int channels = 3;
inline constexpr int channel_word = 1000;  // offset + channel: the word that a close writes and a send reads

enum class op : std::uint8_t {
  go,    // actor creates `other`; size 1: a thread, which can be joined
  end,   // actor ends
  join,  // actor joins `other`, which ended
  read,
  write,  // at offset, size bytes
  atomic_load,
  atomic_store,
  atomic_add,
  atomic_exchange_ok,
  atomic_exchange_failed,  // order(s)
  fence,                   // order
  acquire,
  release,
  merge,  // object, part
  buffered_send,
  buffered_receive,  // channel, slot
  rendezvous,        // actor sends to `other` through channel; size 1: it receives instead
  close,
  receive_closed,  // channel
  arm,
  fire,    // timer `object`: armed by actor; fired: its clock is released into (merging) object `part`
  forget,  // offset, size: memory was unmapped
  lock,
  unlock,  // mutex `object`, which nobody else holds
  sweep,
  rush,  // actor's clock jumps to just before it overflows
};

struct step {
  op what;
  int actor = 0;
  int other = 0;  // another actor
  int offset = 0, size = 0;
  int object = 0, part = 0;
  int order = 0, failure_order = 0;  // C11's numbers
};

using script = std::vector<step>;

// Byte `offset` of an access raced with the access of step `previous`.
struct hit {
  int offset;
  int previous;
  friend bool operator==(const hit&, const hit&) = default;
  friend auto operator<=>(const hit&, const hit&) = default;
};

std::string to_string(const script&, std::size_t from = 0);
bool is_access(op);

// A random script of `length` steps: plausible in form, arbitrary in order (locks may be released by
// anybody).
script random_script(std::uint64_t seed, int length);
// The same with up to `alive` goroutines at a time and ever new ones in the place of those that end. Most
// accesses are under a lock: else everything would race with everything.
script crowded_script(std::uint64_t seed, int length, int alive);

}  // namespace snag::testing
