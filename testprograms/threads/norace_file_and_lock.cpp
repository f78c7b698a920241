// SPDX-License-Identifier: Apache-2.0
// Two threads append to a file, and count the entries under a lock.
// verdict: clean 20/20
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
    std::lock_guard hold(m);
    entries++;
    if (write(file, "entry\n", 6) != 6) std::abort();
  };
  std::thread a(append), b(append);
  a.join();
  b.join();
  const bool complete = lseek(file, 0, SEEK_END) == 12;
  close(file);
  return !complete || entries != 2;
}
