// SPDX-License-Identifier: Apache-2.0
#include "detector/src/object_use.h"

#include "detector/src/observed.h"

namespace snag::detector {

void use_object(thread_state& t, actor_state& self, object& used, access_kind kind, const void* stack_pointer,
                used_bytes bytes) noexcept {
  if (!self.who()) return;  // a timer's channel is the runtime's: nobody closes it
  const access a{self, kind, 1, place_of_actor(t, self, stack_pointer), used.kind};
  const auto address = reinterpret_cast<std::uint64_t>(&used.slot) + bytes.first;
  // Records in the window must be the mounted actor's: for a parked partner the window is put aside.
  actor_state* const running = t.actor;
  hooks::frame* const top = t.hot.top;
  const bool borrowed = running != &self;
  if (borrowed) {
    unmount(t);
    thread_state* const its = self.mounted;
    const auto saved = self.saved_top;
    mount(t, self);
    check_and_record(t, a, address, bytes.count);
    unmount(t);
    self.saved_top = saved;
    self.mounted = its;
    if (running) {
      mount(t, *running);
      t.hot.top = top;
    }
  } else {
    check_and_record(t, a, address, bytes.count);
  }
  if (!t.hits.empty()) [[unlikely]]
    tell_races(t, a);
}

}  // namespace snag::detector
