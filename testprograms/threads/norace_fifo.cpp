// SPDX-License-Identifier: Apache-2.0
// A named pipe orders as one without a name does.
// verdict: clean 20/20
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
    order_number = 7;
    if (write(out, "beer\n", 5) != 5) std::abort();
    close(out);
  });
  const int in = open(path.c_str(), O_RDONLY);
  char line[8];
  if (read(in, line, 5) != 5) std::abort();
  int seen = order_number;
  customer.join();
  close(both);
  unlink(path.c_str());
  rmdir(folder);
  return seen != 7;
}
