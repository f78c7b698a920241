// SPDX-License-Identifier: Apache-2.0
// A query with a deadline: the context ends by itself when the time is up.
// Lesson: a timeout belongs to the caller; the callee only listens to done().
// verdict: clean 20/20
// stdout: ^fast: answer\nslow: context deadline exceeded\n$
#include <chrono>
#include <string>

#include <snag/snag.h>

using namespace std::chrono_literals;

std::string query(snag::context ctx, std::chrono::milliseconds needed) {
  std::string result;
  snag::select(snag::on_recv(snag::after(needed), [&](auto) { result = "answer"; }),
               snag::on_recv(ctx.done(), [&] { result = ctx.err().message(); }));
  return result;
}

int main() {
  {
    auto [ctx, cancel] = snag::with_timeout(snag::context::background(), 10s);
    snag::println("fast: {}", query(ctx, 5ms));
  }
  auto [ctx, cancel] = snag::with_timeout(snag::context::background(), 5ms);
  snag::println("slow: {}", query(ctx, 10s));
}
