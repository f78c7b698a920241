// SPDX-License-Identifier: Apache-2.0
#include "snag/single_flight.h"

#include <new>

#include "runtime/src/spin_mutex.h"

namespace snag::detail {

namespace {

struct flight_state {  // what the words of a flight_core are
  spin_mutex guard;
  bool landed SNAG_GUARDED_BY(guard) = false;
  bool others SNAG_GUARDED_BY(guard) = false;
  flight_listener* first SNAG_GUARDED_BY(guard) = nullptr;
  flight_listener* last SNAG_GUARDED_BY(guard) = nullptr;

  void add(flight_listener& l) noexcept SNAG_REQUIRES(guard) {
    (last != nullptr ? last->next : first) = &l;
    last = &l;
  }
};

flight_state& state_of(std::uintptr_t* words) noexcept {
  return *std::launder(reinterpret_cast<flight_state*>(words));
}

}  // namespace

flight_core::flight_core() noexcept {
  static_assert(sizeof words_ >= sizeof(flight_state) && alignof(flight_core) >= alignof(flight_state));
  new (words_) flight_state;
}

bool flight_core::join() noexcept {
  flight_state& s = state_of(words_);
  const spin_lock lock(s.guard);
  if (!s.landed) s.others = true;
  return !s.landed;
}

bool flight_core::join(flight_listener* l) noexcept {
  flight_state& s = state_of(words_);
  const spin_lock lock(s.guard);
  if (s.landed) return false;
  s.others = true;
  l->next = nullptr;
  s.add(*l);
  return true;
}

void flight_core::listen(flight_listener* l) noexcept {
  flight_state& s = state_of(words_);
  const spin_lock lock(s.guard);
  s.add(*l);
}

flight_core::passengers flight_core::close_doors() noexcept {
  flight_state& s = state_of(words_);
  const spin_lock lock(s.guard);
  s.landed = true;
  return {s.others, s.first};
}

}  // namespace snag::detail
