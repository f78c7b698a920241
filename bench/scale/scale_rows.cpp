// SPDX-License-Identifier: Apache-2.0
// How the cost of checking grows: scale_rows ROW SIZE runs the row at that size and prints its figures
// (rows.h). measure.py builds this with and without -race.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "rows.h"

int main(int count, char** words) {
  using namespace scale;
  const std::map<std::string, void (*)(const char*, long)> rows = {{"one_mutex", one_mutex},
                                                                   {"own_work", own_work},
                                                                   {"short_goroutines", short_goroutines},
                                                                   {"clock_mutex", clock_mutex},
                                                                   {"clock_channel", clock_channel},
                                                                   {"clock_atomic", clock_atomic},
                                                                   {"memory_fresh", memory_fresh},
                                                                   {"memory_again", memory_again},
                                                                   {"memory_known", memory_known},
                                                                   {"memory_random", memory_random},
                                                                   {"releases", releases},
                                                                   {"own_fields", own_fields},
                                                                   {"handed_fields", handed_fields},
                                                                   {"own_array", own_array},
                                                                   {"handed_array", handed_array}};
  const auto row = rows.find(count == 3 ? words[1] : "");
  const long size = count == 3 ? std::atol(words[2]) : 0;
  if (row == rows.end() || size < 1) {
    std::fprintf(stderr, "usage: %s ROW SIZE, where ROW is one of\n", words[0]);
    for (const auto& known : rows) std::fprintf(stderr, "  %s\n", known.first.c_str());
    return 64;
  }
  row->second(row->first.c_str(), size);
}
