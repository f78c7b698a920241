// SPDX-License-Identifier: Apache-2.0
// libc's functions for wide characters, which std::wstring and <cwchar> are made of: the plugin sees calls of
// them, not what they access. Compiled with -fno-builtin, as interpose_strings.cpp is. <cwchar> is not
// included: it declares C++ overloads of wcschr and others.
#include <cstddef>

#include "detector/src/call_checks.h"
#include "detector/src/libc_function.h"

extern "C" {
wchar_t* wmemcpy(wchar_t*, const wchar_t*, std::size_t) noexcept;
wchar_t* wmemmove(wchar_t*, const wchar_t*, std::size_t) noexcept;
wchar_t* wmemset(wchar_t*, wchar_t, std::size_t) noexcept;
int wmemcmp(const wchar_t*, const wchar_t*, std::size_t) noexcept;
wchar_t* wmemchr(const wchar_t*, wchar_t, std::size_t) noexcept;
std::size_t wcslen(const wchar_t*) noexcept;
std::size_t wcsnlen(const wchar_t*, std::size_t) noexcept;
int wcscmp(const wchar_t*, const wchar_t*) noexcept;
int wcsncmp(const wchar_t*, const wchar_t*, std::size_t) noexcept;
wchar_t* wcschr(const wchar_t*, wchar_t) noexcept;
wchar_t* wcsrchr(const wchar_t*, wchar_t) noexcept;
wchar_t* wcsstr(const wchar_t*, const wchar_t*) noexcept;
wchar_t* wcscpy(wchar_t*, const wchar_t*) noexcept;
wchar_t* wcsncpy(wchar_t*, const wchar_t*, std::size_t) noexcept;
wchar_t* wcscat(wchar_t*, const wchar_t*) noexcept;
wchar_t* wcsncat(wchar_t*, const wchar_t*, std::size_t) noexcept;
wchar_t* wcsdup(const wchar_t*) noexcept;
}

namespace {

using namespace snag::detector;

SNAG_LIBC(wmemcpy);
SNAG_LIBC(wmemmove);
SNAG_LIBC(wmemset);
SNAG_LIBC(wmemcmp);
SNAG_LIBC(wmemchr);
SNAG_LIBC(wcslen);
SNAG_LIBC(wcsnlen);
SNAG_LIBC(wcscmp);
SNAG_LIBC(wcsncmp);
SNAG_LIBC(wcschr);
SNAG_LIBC(wcsrchr);
SNAG_LIBC(wcsstr);
SNAG_LIBC(wcscpy);
SNAG_LIBC(wcsncpy);
SNAG_LIBC(wcscat);
SNAG_LIBC(wcsncat);
SNAG_LIBC(wcsdup);

// The checks of a call, in characters.
class wide_checks {
 public:
  wide_checks& reads(const wchar_t* s, std::size_t n) {
    checks_.reads(s, n * sizeof *s);
    return *this;
  }
  wide_checks& writes(const wchar_t* s, std::size_t n) {
    checks_.writes(s, n * sizeof *s);
    return *this;
  }
  explicit operator bool() const { return static_cast<bool>(checks_); }

 private:
  call_checks checks_;
};

// What a scan limited to `limit` reads: its terminator too, if it gets there.
std::size_t scanned(const wchar_t* s, std::size_t limit) {
  const std::size_t n = libc_wcsnlen(s, limit);
  return n < limit ? n + 1 : n;
}
// How far two strings must be read to be told apart.
std::size_t compared(const wchar_t* a, const wchar_t* b, std::size_t limit) {
  for (std::size_t i = 0; i < limit; ++i)
    if (a[i] != b[i] || a[i] == 0) return i + 1;
  return limit;
}
std::size_t up_to(const wchar_t* begin, const wchar_t* found, std::size_t otherwise) {
  return found != nullptr ? static_cast<std::size_t>(found - begin) + 1 : otherwise;
}

}  // namespace

extern "C" {

wchar_t* wmemcpy(wchar_t* to, const wchar_t* from, std::size_t n) noexcept {
  wide_checks().reads(from, n).writes(to, n);
  return libc_wmemcpy(to, from, n);
}
wchar_t* wmemmove(wchar_t* to, const wchar_t* from, std::size_t n) noexcept {
  wide_checks().reads(from, n).writes(to, n);
  return libc_wmemmove(to, from, n);
}
wchar_t* wmemset(wchar_t* to, wchar_t c, std::size_t n) noexcept {
  wide_checks().writes(to, n);
  return libc_wmemset(to, c, n);
}
int wmemcmp(const wchar_t* a, const wchar_t* b, std::size_t n) noexcept {
  wide_checks().reads(a, n).reads(b, n);
  return libc_wmemcmp(a, b, n);
}
wchar_t* wmemchr(const wchar_t* s, wchar_t c, std::size_t n) noexcept {
  wchar_t* const found = libc_wmemchr(s, c, n);
  wide_checks().reads(s, up_to(s, found, n));
  return found;
}

std::size_t wcslen(const wchar_t* s) noexcept {
  const std::size_t n = libc_wcslen(s);
  wide_checks().reads(s, n + 1);
  return n;
}
std::size_t wcsnlen(const wchar_t* s, std::size_t limit) noexcept {
  wide_checks().reads(s, scanned(s, limit));
  return libc_wcsnlen(s, limit);
}
int wcscmp(const wchar_t* a, const wchar_t* b) noexcept {
  if (wide_checks c; c) {
    const std::size_t n = compared(a, b, SIZE_MAX);
    c.reads(a, n).reads(b, n);
  }
  return libc_wcscmp(a, b);
}
int wcsncmp(const wchar_t* a, const wchar_t* b, std::size_t limit) noexcept {
  if (wide_checks c; c) {
    const std::size_t n = compared(a, b, limit);
    c.reads(a, n).reads(b, n);
  }
  return libc_wcsncmp(a, b, limit);
}
wchar_t* wcschr(const wchar_t* s, wchar_t c) noexcept {
  wchar_t* const found = libc_wcschr(s, c);
  if (wide_checks checks; checks) checks.reads(s, up_to(s, found, libc_wcslen(s) + 1));
  return found;
}
wchar_t* wcsrchr(const wchar_t* s, wchar_t c) noexcept {
  if (wide_checks checks; checks) checks.reads(s, libc_wcslen(s) + 1);
  return libc_wcsrchr(s, c);
}
wchar_t* wcsstr(const wchar_t* s, const wchar_t* needle) noexcept {
  wchar_t* const found = libc_wcsstr(s, needle);
  if (wide_checks checks; checks) {
    const std::size_t m = libc_wcslen(needle);
    checks.reads(s, found != nullptr ? static_cast<std::size_t>(found - s) + m : libc_wcslen(s) + 1);
    checks.reads(needle, m + 1);
  }
  return found;
}

wchar_t* wcscpy(wchar_t* to, const wchar_t* from) noexcept {
  const std::size_t n = libc_wcslen(from) + 1;
  wide_checks().reads(from, n).writes(to, n);
  return libc_wcscpy(to, from);
}
wchar_t* wcsncpy(wchar_t* to, const wchar_t* from, std::size_t n) noexcept {
  wide_checks().reads(from, scanned(from, n)).writes(to, n);
  return libc_wcsncpy(to, from, n);
}
wchar_t* wcscat(wchar_t* to, const wchar_t* from) noexcept {
  const std::size_t old = libc_wcslen(to), n = libc_wcslen(from) + 1;
  wide_checks().reads(to, old).reads(from, n).writes(to + old, n);
  return libc_wcscat(to, from);
}
wchar_t* wcsncat(wchar_t* to, const wchar_t* from, std::size_t limit) noexcept {
  const std::size_t old = libc_wcslen(to), n = libc_wcsnlen(from, limit);
  wide_checks().reads(to, old).reads(from, scanned(from, limit)).writes(to + old, n + 1);
  return libc_wcsncat(to, from, limit);
}
wchar_t* wcsdup(const wchar_t* s) noexcept {
  if (wide_checks checks; checks) checks.reads(s, libc_wcslen(s) + 1);
  return libc_wcsdup(s);
}

}  // extern "C"
