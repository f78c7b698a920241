// SPDX-License-Identifier: Apache-2.0
// One of two variables is read: the other one is not, whatever the optimiser makes of it.
#include "../containers/sides.h"

namespace {

unsigned short one = 1, other = 2;

[[gnu::noinline]] unsigned short chosen(bool first) { return first ? one : other; }  // <- 1
[[gnu::noinline]] unsigned short& place(bool first) { return first ? one : other; }

}  // namespace

NO_RACE(the_other_one_is_written) {
  side_by_side([] { keep(chosen(true)); }, [] { other = 3; });
}

RACE(the_chosen_one_is_written) {
  side_by_side([] { keep(chosen(false)); }, [] { other = 3; });  // <- 2
}

NO_RACE(the_other_one_is_written_through_a_reference) {
  side_by_side([] { keep(place(true)); }, [] { place(false) = 3; });
}
