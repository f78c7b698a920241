// SPDX-License-Identifier: Apache-2.0
// Says hello, then its arguments, then what it is told.
#include <cstdio>

int main(int argc, char** argv) {
  std::puts("hello");
  for (int i = 1; i < argc; ++i) std::puts(argv[i]);
  for (int c; (c = std::getchar()) != EOF;) std::putchar(c);
}
