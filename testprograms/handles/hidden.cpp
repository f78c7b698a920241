// SPDX-License-Identifier: Apache-2.0
// The only pointer to the sender is one that looks like none: changed, shortened, or outside of memory. Such
// a sender counts as one that anybody may use, whoever has it, for nobody can see that the holder has it not.
#include "home.h"

#include <unistd.h>

#include <cstdint>
#include <cstdlib>

using namespace handles;

namespace {

// hide(pointer): what the holder keeps.
template <class Hide>
void keep_hidden(Hide hide) {
  auto [s, r] = make_ends();
  receive(std::move(r));
  snag::go([s = std::move(s), hide]() mutable {
    auto hidden = hide(new sender(std::move(s)));
    use(hidden);
    alive::stay();
    use(hidden);
  });
  settle(2);
}

std::uintptr_t as_number(sender* s) { return reinterpret_cast<std::uintptr_t>(s); }

struct in_a_pipe {
  int ends[2];
  explicit in_a_pipe(sender* s) {
    if (pipe(ends) != 0 || write(ends[1], &s, sizeof s) != sizeof s) std::abort();
  }
};
struct in_a_file {
  int file;
  explicit in_a_file(sender* s) {
    char name[] = "/tmp/handles_XXXXXX";
    file = mkstemp(name);
    if (file < 0 || unlink(name) != 0 || write(file, &s, sizeof s) != sizeof s) std::abort();
  }
};
struct [[gnu::packed]] unaligned {
  char before[3];
  sender* s;
  char after[5];
};

}  // namespace

#define HIDDEN(name, ...)                     \
  NO_LEAK(name) { keep_hidden(__VA_ARGS__); } \
  static_assert(true)

HIDDEN(with_a_mask, [](sender* s) { return as_number(s) ^ 0x5a5a5a5a5a5a5a5a; });
HIDDEN(in_complement, [](sender* s) { return ~as_number(s); });
HIDDEN(as_an_offset, [](sender* s) {
  return static_cast<std::uint32_t>(as_number(s) - (as_number(s) & ~std::uintptr_t{0xffffffff}));
});
HIDDEN(at_an_odd_address, [](sender* s) { return unaligned{{}, s, {}}; });
HIDDEN(in_halves, [](sender* s) {
  struct halves {
    std::uint32_t upper, nothing, lower, nothing_more;
  };
  return halves{static_cast<std::uint32_t>(as_number(s) >> 32), 0, static_cast<std::uint32_t>(as_number(s)),
                0};
});
HIDDEN(in_the_kernel, [](sender* s) { return in_a_pipe(s); });
HIDDEN(on_a_disk, [](sender* s) { return in_a_file(s); });
