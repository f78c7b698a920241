// SPDX-License-Identifier: Apache-2.0
// printf and its kin: the strings that the format names are read, the buffer (and what %n names) is written,
// at the user's call. Formats with numbered arguments (%1$s) are not taken apart. Compiled with -fno-builtin.
#define __NO_INLINE__ 1  // the header's inline versions
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <wchar.h>

#include <algorithm>

#include "detector/src/interpose_io.h"
#include "detector/src/libc_function.h"

namespace snag::detector {
namespace {

SNAG_LIBC(vsnprintf);
SNAG_LIBC(vsprintf);
SNAG_LIBC(vprintf);
SNAG_LIBC(vfprintf);
SNAG_LIBC(puts);

// Bytes of the units that a conversion of at most `limit` of them reads: the terminator too, if it gets
// there.
template <class Unit>
std::size_t bytes_read(const Unit* s, std::size_t limit) {
  std::size_t n = 0;
  while (n < limit && s[n] != 0) ++n;
  return (n < limit ? n + 1 : n) * sizeof(Unit);
}

class arguments_of_format {
 public:
  arguments_of_format(const char* format, va_list arguments, const hooks::site* call)
      : at_(format), call_(call) {
    va_copy(arguments_, arguments);
  }
  ~arguments_of_format() { va_end(arguments_); }
  arguments_of_format(const arguments_of_format&) = delete;

  void check() {
    while (*at_ != '\0') {
      if (*at_++ != '%') continue;
      if (!conversion()) return;
    }
  }

 private:
  bool digits(std::size_t& value) {
    if (*at_ == '*') {
      ++at_;
      const int given = va_arg(arguments_, int);
      value = given < 0 ? SIZE_MAX : static_cast<std::size_t>(given);
    } else {
      for (value = 0; *at_ >= '0' && *at_ <= '9'; ++at_)
        value = value * 10 + static_cast<std::size_t>(*at_ - '0');
    }
    return *at_ != '$';
  }

  // False: unknown, so what follows cannot be told apart.
  bool conversion() {
    while (*at_ != '\0' && is_one_of("-+ #0'I")) ++at_;
    std::size_t width = 0, precision = SIZE_MAX;
    if (!digits(width)) return false;
    if (*at_ == '.') {
      ++at_;
      if (!digits(precision)) return false;
    }
    const char* const size = at_;
    while (*at_ != '\0' && is_one_of("hlqLjzZt")) ++at_;
    const char length = at_ == size ? '\0' : *size;
    const bool twice = at_ - size == 2;
    switch (*at_++) {
      case '%':
      case 'm':
        return true;
      case 'd':
      case 'i':
      case 'o':
      case 'u':
      case 'x':
      case 'X':
      case 'c':
      case 'C':
        // Integers of one register each, however long they are.
        length == '\0' || length == 'h' ? void(va_arg(arguments_, int)) : void(va_arg(arguments_, long));
        return true;
      case 'a':
      case 'A':
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
        length == 'L' ? void(va_arg(arguments_, long double)) : void(va_arg(arguments_, double));
        return true;
      case 'p':
        va_arg(arguments_, void*);
        return true;
      case 'n':
        __snag_write_range(va_arg(arguments_, void*),
                           length == '\0'  ? sizeof(int)
                           : length != 'h' ? sizeof(long)
                           : twice         ? sizeof(char)
                                           : sizeof(short),
                           call_);
        return true;
      case 's':
        return text(precision, length == 'l');
      case 'S':
        return text(precision, true);
      default:
        return false;
    }
  }

  bool text(std::size_t precision, bool wide) {
    const void* const s = va_arg(arguments_, const void*);
    if (!s || precision == 0) return true;
    __snag_read_range(s,
                      wide ? bytes_read(static_cast<const wchar_t*>(s), precision)
                           : bytes_read(static_cast<const char*>(s), precision),
                      call_);
    return true;
  }

  bool is_one_of(const char* set) const {
    while (*set != '\0' && *set != *at_) ++set;
    return *set != '\0';
  }

  const char* at_;
  const hooks::site* const call_;
  va_list arguments_;
};

void check_arguments(const char* format, va_list arguments) {
  if (const auto* call = checked_call()) arguments_of_format(format, arguments, call).check();
}
int written(char* buffer, std::size_t capacity, int length) {
  if (length < 0 || capacity == 0) return length;
  if (const auto* call = checked_call())
    __snag_write_range(buffer, std::min(capacity, static_cast<std::size_t>(length) + 1), call);
  return length;
}

}  // namespace

void resolve_format_functions() noexcept {
  libc_vsnprintf.resolve();
  libc_vsprintf.resolve();
  libc_vprintf.resolve();
  libc_vfprintf.resolve();
  libc_puts.resolve();
}

}  // namespace snag::detector

using namespace snag::detector;

// A function with dots, in terms of the one that takes a list.
#define SNAG_WITH_LIST(last, call) \
  va_list arguments;               \
  va_start(arguments, last);       \
  const int length = call;         \
  va_end(arguments);               \
  return length

extern "C" {

int vsnprintf(char* buffer, std::size_t capacity, const char* format, va_list arguments) {
  check_arguments(format, arguments);
  return written(buffer, capacity, libc_vsnprintf(buffer, capacity, format, arguments));
}
int vsprintf(char* buffer, const char* format, va_list arguments) {
  check_arguments(format, arguments);
  return written(buffer, SIZE_MAX, libc_vsprintf(buffer, format, arguments));
}
int vprintf(const char* format, va_list arguments) {
  check_arguments(format, arguments);
  return libc_vprintf(format, arguments);
}
int vfprintf(FILE* stream, const char* format, va_list arguments) {
  check_arguments(format, arguments);
  tell_stream_output(stream);
  return libc_vfprintf(stream, format, arguments);
}

int snprintf(char* buffer, std::size_t capacity, const char* format, ...) {
  SNAG_WITH_LIST(format, vsnprintf(buffer, capacity, format, arguments));
}
int sprintf(char* buffer, const char* format, ...) {
  SNAG_WITH_LIST(format, vsprintf(buffer, format, arguments));
}
int printf(const char* format, ...) { SNAG_WITH_LIST(format, vprintf(format, arguments)); }
int fprintf(FILE* stream, const char* format, ...) {
  SNAG_WITH_LIST(format, vfprintf(stream, format, arguments));
}
int puts(const char* text) {
  if (const auto* call = checked_call()) __snag_read_range(text, bytes_read(text, SIZE_MAX), call);
  return libc_puts(text);
}
}
