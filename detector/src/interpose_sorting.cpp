// SPDX-License-Identifier: Apache-2.0
// qsort: libc moves the elements, all of them for all we know, at the user's call. (bsearch moves nothing:
// what it looks at, the comparison looks at, which is the user's and checked.)
#include <stdlib.h>

#include "detector/src/interpose.h"
#include "detector/src/libc_function.h"

namespace snag::detector {
namespace {

SNAG_LIBC(qsort);
SNAG_LIBC(qsort_r);

void check_sorted(void* elements, std::size_t count, std::size_t size) {
  if (count < 2 || size == 0) return;
  if (const auto* call = checked_call()) __snag_write_range(elements, count * size, call);
}

}  // namespace

void resolve_sorting_functions() noexcept {
  libc_qsort.resolve();
  libc_qsort_r.resolve();
}

}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

void qsort(void* elements, std::size_t count, std::size_t size, __compar_fn_t compare) {
  check_sorted(elements, count, size);
  libc_qsort(elements, count, size, compare);
}
void qsort_r(void* elements, std::size_t count, std::size_t size, __compar_d_fn_t compare, void* argument) {
  check_sorted(elements, count, size);
  libc_qsort_r(elements, count, size, compare, argument);
}
}
