// SPDX-License-Identifier: Apache-2.0
#pragma once
// From what the core knows of actors, locks and handles to a snapshot. pre of all: the program stands still.
#include "detector/src/liveness/abandoned.h"
#include "detector/src/liveness/address_index.h"
#include "detector/src/liveness/blocked.h"
#include "detector/src/liveness/memory_map.h"
#include "detector/src/liveness/party.h"
#include "detector/src/liveness/stopped_program.h"
#include "detector/src/liveness/wait_snapshot.h"

namespace snag::detector {

struct capture {
  struct known_party {
    party* actor = nullptr;  // null: ended, and left a lock behind
    // Of a thread: reached by whoever knows its pthread_t, and so may cancel it; root: nobody can.
    region_index name = memory_map::root;
  };
  // A holder of a lock that somebody waits for; parallel to wait_snapshot::object::owners.
  struct known_object {
    const events::object* of = nullptr;  // null: the end of a thread
    vector<held_lock> held;
  };

  wait_snapshot snapshot;
  memory_map memory;
  vector<known_party> parties;   // as in the snapshot
  vector<known_object> objects;  // as in the snapshot
  bool anybody_parked = false;
  bool complete = true;  // else somebody's stack could not be found: nothing follows

  vector<region_index> names;  // of `further_names`

  // Everybody waits for what no deadline ends, and nobody in another process can bring about.
  bool everybody_waits() const;

  // `stack_pointer`: the caller's, whose actor runs on; nothing of the program's is below, or in registers.
  // `further_names`: of threads that have ended.
  capture(thread_state& self, const stopped_program&, const std::byte* stack_pointer,
          std::span<const std::uint64_t> further_names = {});

 private:
  void add_parties(thread_state& self, const stopped_program&, const std::byte* stack_pointer,
                   std::span<const std::uint64_t> further_names);
  void add_waits();
  void add_owners();
  void add_handles();
  object_index object_of(const events::object&);
  object_index end_of(const events::actor&);
  region_index place(const void* address);

  address_index<object_index> index_;
  unordered_map<const events::actor*, object_index> ends_;  // of threads that somebody joins
  unordered_map<const events::actor*, party_index> threads_;
};

}  // namespace snag::detector
