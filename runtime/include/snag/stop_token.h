// SPDX-License-Identifier: Apache-2.0
#pragma once
// Between contexts and std::stop_token, in both directions. Not part of snag.h.
#include <memory>
#include <stop_token>
#include <utility>

#include "snag/context.h"

namespace snag {

// A token whose stop is requested, from a goroutine of its own, once ctx is cancelled.
[[nodiscard]] inline std::stop_token stop_token_of(const context& ctx) {
  std::stop_source source;
  context_after_func(ctx, [source]() mutable { source.request_stop(); });
  return source.get_token();
}

// with_cancel(parent), cancelled as well when a stop is requested of the token; at once if it was.
[[nodiscard]] inline cancellable with_stop_token(const context& parent, std::stop_token token) {
  cancellable made = with_cancel(parent);
  auto on_stop = [ctx = made.ctx] { detail::context_derivation::cancel(ctx); };
  auto registered =
      std::make_shared<std::stop_callback<decltype(on_stop)>>(std::move(token), std::move(on_stop));
  context_after_func(made.ctx, [registered] {});  // which ends the registration
  return made;
}

}  // namespace snag
