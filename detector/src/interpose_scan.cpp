// SPDX-License-Identifier: Apache-2.0
// scanf and its kin: what they store is written at the user's call, and the characters of a string that
// these values were made of are read there. Formats with numbered arguments (%1$d) are not taken apart.
// Compiled with -fno-builtin.
#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

#include <algorithm>
#include <cstring>

#include "detector/src/call_checks.h"
#include "detector/src/interpose.h"
#include "detector/src/interpose_io.h"
#include "detector/src/libc_function.h"

// C99's versions, which <stdio.h> calls by the plain names; glibc 2.38 has C23's besides.
extern "C" {
int __isoc99_vsscanf(const char*, const char*, va_list) noexcept;
int __isoc99_vfscanf(FILE*, const char*, va_list);
int __isoc23_vsscanf(const char*, const char*, va_list) noexcept;
int __isoc23_vfscanf(FILE*, const char*, va_list);
}

namespace snag::detector {
namespace {

SNAG_LIBC(__isoc99_vsscanf);
SNAG_LIBC(__isoc99_vfscanf);
SNAG_LIBC(__isoc23_vsscanf);
SNAG_LIBC(__isoc23_vfscanf);

struct scan_directive {
  const char* begin;      // behind the sign
  std::size_t width = 0;  // 0: none given
  char length[2] = {};
  bool suppressed = false;
  bool allocates = false;  // %ms
  char letter = 0;
};

// (Loops: the string functions are checked ones here.)
bool is_one_of(char c, const char* set) {
  while (*set != '\0' && *set != c) ++set;
  return *set != '\0';
}

// Moves `at` behind the directive that it stands in.
scan_directive next_directive(const char*& at) {
  scan_directive d{at};
  for (; is_one_of(*at, "*'I"); ++at) d.suppressed |= *at == '*';
  for (; *at >= '0' && *at <= '9'; ++at) d.width = d.width * 10 + static_cast<std::size_t>(*at - '0');
  if (*at == 'm') {
    d.allocates = true;
    ++at;
  }
  for (int i = 0; is_one_of(*at, "hlqLjzt"); ++at)
    if (i < 2) d.length[i++] = *at;
  if (*at == '\0') return d;
  d.letter = *at++;
  if (d.letter != '[') return d;
  if (*at == '^') ++at;
  if (*at == ']') ++at;
  while (*at != '\0' && *at != ']') ++at;
  if (*at == ']') ++at;
  return d;
}

template <class Unit>
std::size_t bytes_of_text(const void* stored) {
  const auto* text = static_cast<const Unit*>(stored);
  std::size_t n = 0;
  while (text[n] != 0) ++n;
  return (n + 1) * sizeof(Unit);
}

// Bytes stored by a directive that matched (C17 7.21.6.2); 0: unknown.
std::size_t bytes_stored(const scan_directive& d, const void* to) {
  if (d.allocates) return sizeof(void*);
  const bool is_long = d.length[0] == 'l' || d.letter == 'C' || d.letter == 'S';
  if (is_one_of(d.letter, "diouxXn"))
    return d.length[1] == 'h' ? 1 : d.length[0] == 'h' ? 2 : d.length[0] == '\0' ? 4 : 8;
  if (is_one_of(d.letter, "aAeEfFgG")) return d.length[0] == 'L' ? sizeof(long double) : is_long ? 8 : 4;
  if (is_one_of(d.letter, "cC")) return std::max<std::size_t>(d.width, 1) * (is_long ? sizeof(wchar_t) : 1);
  if (is_one_of(d.letter, "sS[")) return is_long ? bytes_of_text<wchar_t>(to) : bytes_of_text<char>(to);
  return d.letter == 'p' ? sizeof(void*) : 0;
}

// The directives that were carried out, as a format of its own that stores nothing but how far it got.
class matched_format {
 public:
  void add(const char* begin, const char* end) {
    if (static_cast<std::size_t>(end - begin) + sizeof "%n" > sizeof text_ - size_)
      full_ = true;
    else
      size_ = static_cast<std::size_t>(std::copy(begin, end, text_ + size_) - text_);
  }
  void add(const scan_directive& d, const char* end) {
    if (d.letter == 'n') return;
    constexpr char unstored[] = "%*";
    add(unstored, unstored + (d.letter != '%' && !d.suppressed ? 2 : 1));
    const char* const m = d.allocates ? std::find(d.begin, end, 'm') : end;
    add(d.begin, m);
    if (m != end) add(m + 1, end);
    peeks_ = !is_one_of(d.letter, "cC%") && d.width == 0;
  }
  // How many characters of `from` it reads.
  std::size_t reads(const char* from) {
    int end = -1;
    std::memcpy(text_ + size_, "%n", sizeof "%n");
    if (full_ || scan(from, text_, &end) < 0 || end < 0) return 1;
    return static_cast<std::size_t>(end) + (peeks_ ? 1 : 0);
  }

 private:
  static int scan(const char* from, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int n = libc___isoc99_vsscanf(from, format, arguments);
    va_end(arguments);
    return n;
  }

  char text_[512];
  std::size_t size_ = 0;
  bool full_ = false, peeks_ = false;
};

// `stored` values were; `from`: the string, null for a stream.
void check_scanned(const char* from, const char* format, int stored, va_list arguments) {
  call_checks checks;
  if (!checks || *format == '\0') return;
  matched_format matched;
  for (const char* at = format; stored > 0 && *at != '\0';) {
    if (*at != '%') {
      matched.add(at, at + 1);
      ++at;
      continue;
    }
    const scan_directive d = next_directive(++at);
    if (d.letter == '\0' || d.letter == '$') return;
    matched.add(d, at);
    if (d.letter == '%' || d.suppressed) continue;
    const void* const to = va_arg(arguments, const void*);
    checks.writes(to, bytes_stored(d, to));
    if (d.letter != 'n') --stored;
  }
  if (from != nullptr) checks.reads(from, matched.reads(from));
}

template <class Real>
int scanned(const char* from, const char* format, va_list arguments, Real real) {
  va_list again;
  va_copy(again, arguments);
  const int stored = real();
  check_scanned(from, format, stored, again);
  va_end(again);
  return stored;
}

int scanned_text(libc_function<decltype(__isoc99_vsscanf)>& real, const char* from, const char* format,
                 va_list arguments) {
  return scanned(from, format, arguments, [&] { return real(from, format, arguments); });
}
int scanned_stream(libc_function<decltype(__isoc99_vfscanf)>& real, FILE* stream, const char* format,
                   va_list arguments) {
  return scanned(nullptr, format, arguments,
                 [&] { return input_from(stream, [&] { return real(stream, format, arguments); }); });
}

}  // namespace

void resolve_scan_functions() noexcept {
  libc___isoc99_vsscanf.resolve();
  libc___isoc99_vfscanf.resolve();
}

}  // namespace snag::detector

using namespace snag::detector;

// A function with dots, in terms of one that takes a list.
#define SNAG_WITH_LIST(call)   \
  va_list arguments;           \
  va_start(arguments, format); \
  const int stored = call;     \
  va_end(arguments);           \
  return stored

#define SNAG_SCAN_FUNCTIONS(version)                                                       \
  int version##vsscanf(const char* from, const char* format, va_list arguments) noexcept { \
    return scanned_text(libc_##version##vsscanf, from, format, arguments);                 \
  }                                                                                        \
  int version##vfscanf(FILE* stream, const char* format, va_list arguments) {              \
    return scanned_stream(libc_##version##vfscanf, stream, format, arguments);             \
  }                                                                                        \
  int version##vscanf(const char* format, va_list arguments) {                             \
    return version##vfscanf(stdin, format, arguments);                                     \
  }                                                                                        \
  int version##sscanf(const char* from, const char* format, ...) noexcept {                \
    SNAG_WITH_LIST(version##vsscanf(from, format, arguments));                             \
  }                                                                                        \
  int version##fscanf(FILE* stream, const char* format, ...) {                             \
    SNAG_WITH_LIST(version##vfscanf(stream, format, arguments));                           \
  }                                                                                        \
  int version##scanf(const char* format, ...) { SNAG_WITH_LIST(version##vfscanf(stdin, format, arguments)); }

extern "C" {
SNAG_SCAN_FUNCTIONS(__isoc99_)
SNAG_SCAN_FUNCTIONS(__isoc23_)
}
