// SPDX-License-Identifier: Apache-2.0
// main returns at once: the program ends, and the goroutine may never have run.
// Lesson: nobody waits for goroutines by themselves; what must happen has to be waited for.
// verdict: clean 20/20
// stdout: main returns
#include <snag/snag.h>

int main() {
  snag::go([] { snag::println("you may or may not see this"); });
  snag::println("main returns");
}
