// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is kept of a goroutine or thread when accesses are not checked: enough to say who it is, what it waits
// for and what it holds. Hangs in events::actor::slot; 144 bytes.
#include "detector/src/internal_memory.h"
#include "detector/src/liveness/party.h"
#include "detector/src/liveness/scopes.h"
#include "runtime/events.h"

namespace snag::detector {

// (holdings first: the runtime finds them there.)
struct waiting_party final : events::holdings, party {
  events::goroutine_id parent = events::goroutine_id::none;
  place created;

  explicit waiting_party(const events::actor& a) noexcept {
    id = a.id;
    kind = a.kind;
    of = &a;
    enlist();
  }
  ~waiting_party() {
    strike_off();
    leave_scopes(*this);
    internal_allocator<events::holding>().deallocate(first, capacity());
  }
  waiting_party(const waiting_party&) = delete;

  std::size_t capacity() const noexcept { return static_cast<std::size_t>(limit - first); }
  void make_room() noexcept;
};

inline waiting_party* party_of(const events::actor& a) noexcept {
  return static_cast<waiting_party*>(static_cast<events::holdings*>(a.slot.state));
}

// Those that ended with something locked: what find_actor says of them.
struct ended_party {
  events::goroutine_id id = events::goroutine_id::none, parent = events::goroutine_id::none;
  events::actor_kind kind = events::actor_kind::goroutine;
  place created;
};
void remember_ended(const waiting_party&) noexcept;
bool find_ended(events::goroutine_id, ended_party& out) noexcept;

// Locks that were let go by another than who took them. Who holds them is not known from then on.
void note_let_go_by_another(std::uintptr_t lock) noexcept;
bool is_let_go_by_others(std::uintptr_t lock) noexcept;

}  // namespace snag::detector
