// SPDX-License-Identifier: Apache-2.0
#include <snag/chan.h>
#include <snag/go.h>

#include <cstdlib>

int main(int argc, char** argv) {
  snag::chan<int> status;
  snag::go([=] { status << (argc > 1 ? std::atoi(argv[1]) : 0); });
  return status.recv();
}
