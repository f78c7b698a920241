// SPDX-License-Identifier: Apache-2.0
// Text that becomes a number in libc: strtol and its kin, and what std::stoi and others make of them. They
// read up to the character that ends the number.
#define __NO_INLINE__ 1  // or the header defines some of them itself
#include <stdlib.h>

#include "detector/src/call_checks.h"
#include "detector/src/interpose.h"
#include "detector/src/libc_function.h"

namespace snag::detector {
namespace {

SNAG_LIBC(strtol);
SNAG_LIBC(strtoll);
SNAG_LIBC(strtoul);
SNAG_LIBC(strtoull);
SNAG_LIBC(strtof);
SNAG_LIBC(strtod);
SNAG_LIBC(strtold);

// `real(end)` reads the number and stores where it ends.
template <class Real>
auto number(const char* text, char** end, Real real) {
  char* stopped = nullptr;
  const auto value = real(&stopped);
  if (stopped == nullptr) return value;  // a base that is none: nothing was read
  call_checks checks;
  checks.reads(text, static_cast<std::size_t>(stopped - text) + 1);
  if (end != nullptr) {
    checks.writes(end, sizeof *end);
    *end = stopped;
  }
  return value;
}

}  // namespace

void resolve_number_functions() noexcept {
  libc_strtol.resolve();
  libc_strtoll.resolve();
  libc_strtoul.resolve();
  libc_strtoull.resolve();
  libc_strtof.resolve();
  libc_strtod.resolve();
  libc_strtold.resolve();
}

}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

long strtol(const char* text, char** end, int base) noexcept {
  return number(text, end, [=](char** stopped) { return libc_strtol(text, stopped, base); });
}
long long strtoll(const char* text, char** end, int base) noexcept {
  return number(text, end, [=](char** stopped) { return libc_strtoll(text, stopped, base); });
}
unsigned long strtoul(const char* text, char** end, int base) noexcept {
  return number(text, end, [=](char** stopped) { return libc_strtoul(text, stopped, base); });
}
unsigned long long strtoull(const char* text, char** end, int base) noexcept {
  return number(text, end, [=](char** stopped) { return libc_strtoull(text, stopped, base); });
}
float strtof(const char* text, char** end) noexcept {
  return number(text, end, [=](char** stopped) { return libc_strtof(text, stopped); });
}
double strtod(const char* text, char** end) noexcept {
  return number(text, end, [=](char** stopped) { return libc_strtod(text, stopped); });
}
long double strtold(const char* text, char** end) noexcept {
  return number(text, end, [=](char** stopped) { return libc_strtold(text, stopped); });
}
int atoi(const char* text) noexcept { return static_cast<int>(strtol(text, nullptr, 10)); }
long atol(const char* text) noexcept { return strtol(text, nullptr, 10); }
long long atoll(const char* text) noexcept { return strtoll(text, nullptr, 10); }
double atof(const char* text) noexcept { return strtod(text, nullptr); }

}  // extern "C"
