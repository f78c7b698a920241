// SPDX-License-Identifier: Apache-2.0
// RUN: %vetxx -Xclang -verify -Xclang -verify-ignore-unexpected=note %s
#include <snag/context.h>
#include <snag/go.h>
#include <snag/signal.h>
#include <snag/time.h>

#include <chrono>

using namespace std::chrono_literals;
void work(snag::context);

void kept_alone(snag::context parent) {
  auto ctx = snag::with_cancel(parent).ctx;  // expected-warning {{the function that cancels this context ends with this statement, which cancels the context}}
  work(ctx);
}

snag::context returned(snag::context parent) {
  return snag::with_timeout(parent, 2s).ctx;  // expected-warning {{ends with this statement}}
}

void assigned(snag::context ctx) {
  ctx = snag::with_cancel_cause(ctx).ctx;  // expected-warning {{ends with this statement}}
  work(ctx);
}

void captured(snag::context parent) {
  snag::go([ctx = snag::with_timeout(parent, 1s).ctx] { work(ctx); });  // expected-warning {{ends with this statement}}
}

snag::context returned_without_its_end(snag::context parent) {
  auto [ctx, cancel] = snag::with_cancel(parent);
  return ctx;  // expected-warning {{ends with this function}}
}

// --- Right, or perhaps.

void both(snag::context parent) {
  auto [ctx, cancel] = snag::with_cancel(parent);
  work(ctx);
}

void passed_on(snag::context parent) { work(snag::with_cancel(parent).ctx); }

void extended(snag::context parent) {
  auto&& ctx = snag::with_cancel(parent).ctx;  // the whole of it lives on
  work(ctx);
}

snag::cancellable both_returned(snag::context parent) { return snag::with_cancel(parent); }

snag::context cancelled_later(snag::context parent) {
  auto [ctx, cancel] = snag::with_cancel(parent);
  snag::go([cancel = cancel] { cancel(); });
  return ctx;
}

snag::context of_a_variable(const snag::cancellable& made) { return made.ctx; }

snag::context a_value(snag::context parent) { return snag::without_cancel(parent); }
