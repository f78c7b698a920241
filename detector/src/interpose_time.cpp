// SPDX-License-Identifier: Apache-2.0
// Times that become text, fields and numbers in libc. localtime, gmtime, asctime and ctime write an object
// that all threads share (C17 7.27.3), which is a race of its own when two threads call them.
#include <time.h>
#include <wchar.h>

#include <cstring>

#include "detector/src/call_checks.h"
#include "detector/src/interpose.h"
#include "detector/src/libc_function.h"

extern "C" {
std::size_t __strftime_l(char*, std::size_t, const char*, const tm*, locale_t) noexcept;  // for libstdc++
std::size_t __wcsftime_l(wchar_t*, std::size_t, const wchar_t*, const tm*, locale_t) noexcept;
}

namespace snag::detector {
namespace {

SNAG_LIBC(localtime);
SNAG_LIBC(localtime_r);
SNAG_LIBC(gmtime);
SNAG_LIBC(gmtime_r);
SNAG_LIBC(mktime);
SNAG_LIBC(timegm);
SNAG_LIBC(asctime);
SNAG_LIBC(asctime_r);
SNAG_LIBC(ctime);
SNAG_LIBC(ctime_r);
SNAG_LIBC(strftime);
SNAG_LIBC(strftime_l);
SNAG_LIBC(__strftime_l);
SNAG_LIBC(wcsftime);
SNAG_LIBC(wcsftime_l);
SNAG_LIBC(__wcsftime_l);
SNAG_LIBC(strptime);

// Members of tm, in its order: sec min hour mday mon year wday yday isdst; then what time zones need.
constexpr unsigned sec = 1, min = 2, hour = 4, mday = 8, mon = 16, year = 32, wday = 64, yday = 128,
                   zone = 256, date = mday | mon | year, clock_time = sec | min | hour, everything = 511;

// C17 7.27.3.5: the members that a conversion is determined by, and glibc's own conversions.
unsigned members_of(char conversion) {
  switch (conversion) {
    case 'a':
    case 'A':
    case 'u':
    case 'w':
      return wday;
    case 'b':
    case 'B':
    case 'h':
    case 'm':
      return mon;
    case 'C':
    case 'y':
    case 'Y':
      return year;
    case 'd':
    case 'e':
      return mday;
    case 'D':
    case 'F':
    case 'x':
      return date;
    case 'g':
    case 'G':
    case 'V':
      return year | wday | yday;
    case 'H':
    case 'I':
    case 'k':
    case 'l':
    case 'p':
    case 'P':
      return hour;
    case 'j':
      return yday;
    case 'M':
      return min;
    case 'R':
      return hour | min;
    case 'r':
    case 'T':
    case 'X':
      return clock_time;
    case 'S':
      return sec;
    case 'U':
    case 'W':
      return wday | yday;
    case 'z':
    case 'Z':
      return zone;
    case 'c':
      return date | clock_time | wday;
    case 's':
    case '+':
      return everything;
    default:
      return 0;  // %%, %n, %t
  }
}

template <class Char>
unsigned members_of(const Char* format) {
  unsigned all = 0;
  for (const Char* at = format; *at != 0; ++at) {
    if (*at != '%') continue;
    // Flags, a width, and the modifiers E and O stand between the sign and its letter.
    do ++at;
    while (*at != 0 && *at < 128 && std::strchr("_-0^#+123456789EO", static_cast<char>(*at)));
    if (*at == 0) break;
    all |= members_of(static_cast<char>(*at));
  }
  return all;
}

// Calls visit(address, bytes) for each member that stands before isdst.
template <class Visit>
void for_fields(const tm* t, unsigned members, Visit visit) {
  const int* const fields = &t->tm_sec;
  for (unsigned i = 0; i < 8; ++i)
    if ((members >> i & 1) != 0) visit(fields + i, sizeof *fields);
}

void reads_members(call_checks& checks, const tm* t, unsigned members) {
  for_fields(t, members, [&](const int* field, std::size_t bytes) { checks.reads(field, bytes); });
  if ((members & zone) != 0) checks.reads(&t->tm_isdst, sizeof t->tm_isdst);
}

template <class Char, class Real>
std::size_t formatted(Char* out, const Char* format, const tm* t, Real real) {
  const std::size_t n = real();
  if (call_checks checks; checks) {
    reads_members(checks, t, members_of(format));
    if (n != 0) checks.writes(out, (n + 1) * sizeof *out);
  }
  return n;
}

// `real` makes `to`, or libc's own, from a time.
template <class Real>
tm* fields_of(const time_t* from, Real real) {
  call_checks checks;
  checks.reads(from, sizeof *from);
  tm* const made = real();
  if (made != nullptr) checks.writes(made, sizeof *made);
  return made;
}

template <class Real>
char* text_of(Real real) {
  char* const made = real();
  if (made != nullptr) call_checks().writes(made, __builtin_strlen(made) + 1);
  return made;
}

template <class Real>
time_t normalised(tm* fields, Real real) {
  call_checks().writes(fields, sizeof *fields);  // read, and written back in their ranges
  return real();
}

}  // namespace

void resolve_time_functions() noexcept {
  libc_localtime.resolve();
  libc_localtime_r.resolve();
  libc_gmtime.resolve();
  libc_gmtime_r.resolve();
  libc_mktime.resolve();
  libc_timegm.resolve();
  libc_strftime.resolve();
  libc___strftime_l.resolve();
}

}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

tm* localtime(const time_t* from) noexcept {
  return fields_of(from, [=] { return libc_localtime(from); });
}
tm* localtime_r(const time_t* from, tm* to) noexcept {
  return fields_of(from, [=] { return libc_localtime_r(from, to); });
}
tm* gmtime(const time_t* from) noexcept {
  return fields_of(from, [=] { return libc_gmtime(from); });
}
tm* gmtime_r(const time_t* from, tm* to) noexcept {
  return fields_of(from, [=] { return libc_gmtime_r(from, to); });
}
time_t mktime(tm* fields) noexcept {
  return normalised(fields, [=] { return libc_mktime(fields); });
}
time_t timegm(tm* fields) noexcept {
  return normalised(fields, [=] { return libc_timegm(fields); });
}

char* asctime(const tm* t) noexcept {
  call_checks checks;
  reads_members(checks, t, everything & ~(yday | zone));
  return text_of([=] { return libc_asctime(t); });
}
char* asctime_r(const tm* t, char* to) noexcept {
  call_checks checks;
  reads_members(checks, t, everything & ~(yday | zone));
  return text_of([=] { return libc_asctime_r(t, to); });
}
char* ctime(const time_t* t) noexcept {
  call_checks().reads(t, sizeof *t);
  return text_of([=] { return libc_ctime(t); });
}
char* ctime_r(const time_t* t, char* to) noexcept {
  call_checks().reads(t, sizeof *t);
  return text_of([=] { return libc_ctime_r(t, to); });
}

std::size_t strftime(char* to, std::size_t room, const char* format, const tm* t) noexcept {
  return formatted(to, format, t, [=] { return libc_strftime(to, room, format, t); });
}
std::size_t strftime_l(char* to, std::size_t room, const char* format, const tm* t, locale_t l) noexcept {
  return formatted(to, format, t, [=] { return libc_strftime_l(to, room, format, t, l); });
}
std::size_t __strftime_l(char* to, std::size_t room, const char* format, const tm* t, locale_t l) noexcept {
  return formatted(to, format, t, [=] { return libc___strftime_l(to, room, format, t, l); });
}
std::size_t wcsftime(wchar_t* to, std::size_t room, const wchar_t* format, const tm* t) noexcept {
  return formatted(to, format, t, [=] { return libc_wcsftime(to, room, format, t); });
}
std::size_t wcsftime_l(wchar_t* to, std::size_t room, const wchar_t* format, const tm* t,
                       locale_t l) noexcept {
  return formatted(to, format, t, [=] { return libc_wcsftime_l(to, room, format, t, l); });
}
std::size_t __wcsftime_l(wchar_t* to, std::size_t room, const wchar_t* format, const tm* t,
                         locale_t l) noexcept {
  return formatted(to, format, t, [=] { return libc___wcsftime_l(to, room, format, t, l); });
}

char* strptime(const char* text, const char* format, tm* to) noexcept {
  char* const end = libc_strptime(text, format, to);
  if (end != nullptr) {
    call_checks checks;
    checks.reads(text, static_cast<std::size_t>(end - text));
    for_fields(to, members_of(format),
               [&](const int* field, std::size_t bytes) { checks.writes(field, bytes); });
  }
  return end;
}

}  // extern "C"
