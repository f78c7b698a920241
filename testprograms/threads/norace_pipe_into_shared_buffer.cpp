// SPDX-License-Identifier: Apache-2.0
// read fills a buffer that another thread looks at once it has been told so.
// verdict: clean 20/20
#include <unistd.h>

#include <cstdlib>
#include <future>
#include <thread>

char buffer[8];

int main() {
  int ends[2];
  if (pipe(ends) != 0 || write(ends[1], "letters", 8) != 8) std::abort();
  std::promise<void> filled;
  std::thread reader([&] {
    if (read(ends[0], buffer, sizeof buffer) != sizeof buffer) std::abort();
    filled.set_value();
  });
  filled.get_future().wait();
  const char first = buffer[0];
  reader.join();
  return first != 'l';
}
