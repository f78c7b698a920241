// SPDX-License-Identifier: Apache-2.0
// Two threads append to a file, which is well-defined; the count of entries beside it is not protected.
// verdict: race 20/20
// race: entries
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <thread>

int entries = 0;
std::mutex m;

int main() {
  char path[] = "/tmp/fileXXXXXX";
  const int file = mkostemp(path, O_APPEND);
  if (file < 0) std::abort();
  unlink(path);
  const auto append = [&] {
    entries++;  // <- 1 2
    if (write(file, "entry\n", 6) != 6) std::abort();
  };
  std::thread a(append), b(append);
  a.join();
  b.join();
  const bool complete = lseek(file, 0, SEEK_END) == 12;
  close(file);
  return !complete || entries > 2;
}
