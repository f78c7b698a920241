// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/wait_sites.h"

#include <algorithm>

#include "runtime/src/dump.h"
#include "runtime/src/leaked.h"
#include "runtime/src/stack_walk.h"

namespace snag::detail {
namespace {

constinit leaked<wait_sites> the_sites;

// The innermost frame of the user's.
void name(wait_site& site, const void* const* frames, std::size_t count) {
  struct finder {
    wait_site& site;
    bool found = false;
  } target{site};
  for (std::size_t i = 0; i < count && frames[i] != nullptr && !target.found; ++i) {
    symbolize(
        frames[i],
        [](void* argument, const source_frame& f) {
          auto& to = *static_cast<finder*>(argument);
          if (to.found || !is_users_frame(f)) return;
          to.found = true;
          to.site.function = f.function;
          to.site.file = f.file != nullptr ? f.file : "";
          to.site.line = f.line;
        },
        &target);
  }
}

}  // namespace

constinit std::atomic<bool> wait_sites::collecting_{false};

wait_sites& wait_sites::instance() noexcept { return the_sites.get(); }

wait_sites::tally& wait_sites::enter(wait_reason reason, nanoseconds at, const void* const* frames,
                                     std::size_t count) noexcept {
  key where{reason, {}};
  std::copy_n(frames, std::min(count, depth), where.frames.begin());
  const spin_lock lock(mutex_);
  tally& t = tallies_[where];  // stays where it is
  ++t.count;
  ++t.waiting;
  t.begun += at;
  return t;
}

void wait_sites::leave(tally& t, nanoseconds entered, nanoseconds at) noexcept {
  const spin_lock lock(mutex_);
  --t.waiting;
  t.begun -= entered;
  t.ended += at - entered;
}

std::vector<wait_site> wait_sites::snapshot() {
  std::map<key, tally> copy;
  {
    const spin_lock lock(mutex_);
    copy = tallies_;
  }
  const nanoseconds time = now();
  std::vector<wait_site> sites;
  for (const auto& [where, t] : copy) {
    wait_site made;
    made.reason = words(where.reason);
    made.count = t.count;
    made.waiting = t.waiting;
    made.total = t.ended + time * t.waiting - t.begun;
    name(made, where.frames.data(), depth);
    const auto same = std::find_if(sites.begin(), sites.end(), [&](const wait_site& s) {
      return s.reason == made.reason && s.function == made.function && s.file == made.file &&
             s.line == made.line;
    });
    if (same == sites.end()) {
      sites.push_back(std::move(made));
    } else {
      same->count += made.count;
      same->waiting += made.waiting;
      same->total += made.total;
    }
  }
  std::sort(sites.begin(), sites.end(),
            [](const wait_site& a, const wait_site& b) { return a.total > b.total; });
  return sites;
}

[[gnu::noinline]] void park_timed(void (*commit)(void*), void* argument, wait_reason reason) noexcept {
  const void* frames[16];
  const std::size_t count =
      walk_frames({__builtin_frame_address(0), nullptr}, stack_limits(current()), frames, std::size(frames));
  const nanoseconds entered = now();
  wait_sites::tally& t = wait_sites::instance().enter(reason, entered, frames, count);
  park_now(commit, argument, reason);
  wait_sites::instance().leave(t, entered, now());
}

}  // namespace snag::detail
