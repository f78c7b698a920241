// SPDX-License-Identifier: Apache-2.0
// Who has closed the channel sends on it, closes it again and is done once too often; it panics each time,
// which is defined, and caught.
// verdict: clean 20/20
#include <snag/snag.h>

template <class F>
bool panics(F f) {
  try {
    f();
  } catch (const snag::panic_error&) {
    return true;
  }
  return false;
}

int main() {
  snag::chan<int> c(1);
  snag::wait_group wg;
  c.close();
  const bool all = panics([&] { c << 1; }) && panics([&] { c.close(); }) && panics([&] { c.try_send(1); }) &&
                   panics([&] { wg.done(); });
  return !all;
}
