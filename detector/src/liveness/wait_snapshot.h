// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is known, at one moment, of everybody who could run and of what they wait for: the input of the search
// for deadlocks (who_can_run.h). Plain data; indices into its own lists. Whatever is left out here must be
// left out on the side of life: a handle that nobody knows the place of lies in a root region.
#include <cstdint>
#include <span>

#include "detector/src/internal_memory.h"
#include "runtime/events.h"

namespace snag::detector {

enum class party_index : std::uint32_t { nobody = ~std::uint32_t{0} };  // a goroutine or thread
enum class object_index : std::uint32_t { nil = ~std::uint32_t{0} };
enum class region_index : std::uint32_t {};  // a piece of memory that is reachable as a whole, or not at all

struct wait_snapshot {
  // One of the things that a party is parked for.
  struct wait {
    object_index on;  // nil: a nil channel, which is never ready
    events::wait_operation operation;
    std::uint32_t place = 0;  // lock_shared: how many of the lock's `writers` were in the queue before it
  };

  struct party {
    events::goroutine_id id = events::goroutine_id::none;
    bool parked = false;  // else it runs, is about to, or is in a call that ends by itself
    bool ended = false;   // holds what it left locked
    events::wait_mode mode = events::wait_mode::all_of;
    std::uint32_t first_wait = 0, wait_count = 0;  // in `waits`
  };

  struct handle {
    region_index in;
    events::direction way;
  };

  struct object {
    events::object_kind kind = events::object_kind::other;
    // Locks, and once: who holds it (whoever runs the initialiser), and the writers that queue for it in
    // order.
    vector<party_index> owners;
    vector<bool> reads;  // of each, in order: for reading (missing: no)
    vector<party_index> writers;
    // The rest: where handles of it lie, or itself (both ways).
    vector<handle> handles;
    // A condition variable's waiter also has to get its lock back.
    object_index lock = object_index::nil;
  };

  struct region {
    bool root = false;                     // reachable whoever lives: globals, and what could not be placed
    party_index of = party_index::nobody;  // reachable to him: his stack, registers, closure
  };

  bool all_asleep =
      false;  // nobody runs, and nobody outside will act: a root is reachable only if somebody lives
  vector<party> parties;
  vector<wait> waits;
  vector<object> objects;
  vector<region> regions;

  std::span<const wait> waits_of(party_index p) const noexcept {
    const party& who = parties[static_cast<std::size_t>(p)];
    return {waits.data() + who.first_wait, who.wait_count};
  }
  // Of one party after the other.
  void add_wait(party& who, const wait& w) {
    if (who.wait_count++ == 0) who.first_wait = static_cast<std::uint32_t>(waits.size());
    waits.push_back(w);
  }
};

// Where memory leads: asked only for what proves reachable, so that what nobody needs is not read.
class reachable_memory {
 public:
  // Adds the regions that `from` has pointers into: of the snapshot, or new ones, numbered from there on.
  virtual void visit(region_index from, vector<region_index>& out) = 0;

 protected:
  ~reachable_memory() = default;
};

}  // namespace snag::detector
