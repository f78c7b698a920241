// SPDX-License-Identifier: Apache-2.0
// A library with something to construct. With NEEDING_ANOTHER, one that uses it.
extern "C" int read_constructed();
extern "C" void write_constructed();

#ifdef NEEDING_ANOTHER
extern "C" int read_indirectly() { return read_constructed(); }
#else
int constructed_table[4];

namespace {
[[gnu::constructor]] void construct() {
  for (int& entry : constructed_table) entry = 1;
}
}  // namespace

extern "C" int read_constructed() { return constructed_table[0] + constructed_table[3]; }
extern "C" void write_constructed() { ++constructed_table[1]; }
#endif
