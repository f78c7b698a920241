// SPDX-License-Identifier: Apache-2.0
// A request's answer is delivered to nobody. The scope around the request says so at its end, at once.
// verdict: leak 20/20
// shape: orphan
// stdout: 1 left: orphan in request
#include <snag/snag.h>

void handle() {
  snag::chan<int> answer;
  snag::go([=] { answer << 42; });
}

int main() {
  snag::leak_check check({.name = "request"});
  handle();
  const auto leaks = check.finish();
  for (const auto& l : leaks)
    if (l.text.find("In leak_check \"request\" at") != l.text.npos)
      snag::println("{} left: {} in request", leaks.size(), l.shape);
}
