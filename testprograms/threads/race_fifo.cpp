// SPDX-License-Identifier: Apache-2.0
// A named pipe: the number is written after the line has gone through.
// verdict: race 20/20
// race: order_number
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>

int order_number = 0;

int main() {
  char folder[] = "/tmp/fifoXXXXXX";
  if (mkdtemp(folder) == nullptr) std::abort();
  const std::string path = std::string(folder) + "/orders";
  if (mkfifo(path.c_str(), 0600) != 0) std::abort();
  const int both = open(path.c_str(), O_RDWR);
  std::thread customer([&] {
    const int out = open(path.c_str(), O_WRONLY);
    if (write(out, "beer\n", 5) != 5) std::abort();
    order_number = 7;  // <- 1
    close(out);
  });
  const int in = open(path.c_str(), O_RDONLY);
  char line[8];
  if (read(in, line, 5) != 5) std::abort();
  int seen = order_number;  // <- 2
  customer.join();
  close(both);
  unlink(path.c_str());
  rmdir(folder);
  return seen > 7;
}
