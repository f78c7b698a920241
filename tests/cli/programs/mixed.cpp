// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

extern "C" double length(double x, double y);

int main() { std::printf("%g\n", length(3, 4)); }
