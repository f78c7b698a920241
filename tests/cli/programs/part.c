/* SPDX-License-Identifier: Apache-2.0 */
/* C that is not C++: `new` is a name here. */
#include <math.h>

double length(double x, double y);

double length(double x, double y) {
  double new = x* x + y* y;
  return sqrt(new);
}
