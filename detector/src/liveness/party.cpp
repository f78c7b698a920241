// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/party.h"

namespace snag::detector {

constinit spin_lock party::list_lock;
constinit party* party::all = nullptr;

void party::enlist() noexcept {
  spin_guard guard(list_lock);
  next_ = all;
  if (all != nullptr) all->previous_ = this;
  all = this;
}

void party::strike_off() noexcept {
  spin_guard guard(list_lock);
  (previous_ != nullptr ? previous_->next_ : all) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
}

}  // namespace snag::detector
