// SPDX-License-Identifier: Apache-2.0
// What the core is told when a program formats and sorts.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "tests/detector/report/interposed.h"

namespace snag::detector {
namespace {

struct format_case {
  const char* name;
  void (*call)(char* to, char* from);
  const char* told_of_to;
  const char* told_of_from;
};
// `from` holds "hello".
const format_case format_cases[] = {
    {"sprintf", [](char* a, char* b) { sprintf(a, opaque("%s"), b); }, "write 0+6", "read 0+6"},
    {"snprintf, cut off", [](char* a, char* b) { snprintf(a, 4, opaque("<%s>"), b); }, "write 0+4",
     "read 0+6"},
    {"snprintf, nowhere", [](char*, char* b) { snprintf(nullptr, 0, opaque("%10s"), b); }, "", "read 0+6"},
    {"precision", [](char* a, char* b) { sprintf(a, opaque("%.3s"), b); }, "write 0+4", "read 0+3"},
    {"precision by argument", [](char* a, char* b) { sprintf(a, opaque("%*.*s"), 2, 2, b); }, "write 0+3",
     "read 0+2"},
    {"others before it",
     [](char* a, char* b) {
       sprintf(a, opaque("%d%ld%hhx%c%%%.1f%.0Lf%p%zu%s"), 1, 2L, 3, 'c', 4.0, 5.0L, nullptr, sizeof a, b);
     },
     "write 0+21", "read 0+6"},
    {"more than registers hold",
     [](char* a, char* b) { sprintf(a, opaque("%d%d%d%d%d%d%d%d%s"), 1, 2, 3, 4, 5, 6, 7, 8, b); },
     "write 0+14", "read 0+6"},
    {"written length", [](char* a, char* b) { sprintf(a, opaque("ab%hn"), reinterpret_cast<short*>(b)); },
     "write 0+3", "write 0+2"},
    {"numbered arguments", [](char* a, char* b) { sprintf(a, opaque("%1$s"), b); }, "write 0+6", ""},
};

TEST(interposed_formats, check_what_they_touch) {
  for (const format_case& c : format_cases) {
    const std::string both = seen([&] {
      alignas(32) char a[64] = "", b[32] = "hello";
      c.call(opaque(static_cast<char*>(a)), opaque(static_cast<char*>(b)));
      fake::the_world().recording = false;
      printf("%s; %s", joined(fake::told_about(a, 64)).c_str(), joined(fake::told_about(b, 32)).c_str());
    });
    EXPECT_EQ(both, std::string(c.told_of_to) + "; " + c.told_of_from) << c.name;
  }
}
TEST(interposed_formats, strings_that_are_printed_are_read) {
  EXPECT_EQ(seen([] {
              char text[] = "hello";
              FILE* null = fopen("/dev/null", "w");
              fprintf(null, opaque("%s\n"), opaque(static_cast<char*>(text)));
              print(text, sizeof text);
            }),
            "read 0+6");
}

TEST(interposed_sorting, moves_the_elements) {
  EXPECT_EQ(seen([] {
              int numbers[] = {3, 1, 2};
              qsort(numbers, 3, sizeof(int), [](const void* a, const void* b) {
                return *static_cast<const int*>(a) - *static_cast<const int*>(b);
              });
              if (numbers[0] != 1 || numbers[2] != 3) _exit(9);
              print(numbers, sizeof numbers);
            }),
            "write 0+12");
}

}  // namespace
}  // namespace snag::detector
