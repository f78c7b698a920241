// SPDX-License-Identifier: Apache-2.0
// <charconv> for fractions, whose code stands in libstdc++'s shared object. (That for integers is in the
// header, where the plugin sees it.)
#include <charconv>

#include "detector/src/call_checks.h"
#include "detector/src/library_function.h"

namespace {

using snag::detector::call_checks;
using snag::detector::library_function;
using std::chars_format;

template <class... Args>
using writing = library_function<std::to_chars_result(char*, char*, Args...)>;
template <class T>
using reading = library_function<std::from_chars_result(const char*, const char*, T&, chars_format)>;

constinit writing<float> write_float{"_ZSt8to_charsPcS_f"};
constinit writing<float, chars_format> write_float_as{"_ZSt8to_charsPcS_fSt12chars_format"};
constinit writing<float, chars_format, int> write_float_to{"_ZSt8to_charsPcS_fSt12chars_formati"};
constinit writing<double> write_double{"_ZSt8to_charsPcS_d"};
constinit writing<double, chars_format> write_double_as{"_ZSt8to_charsPcS_dSt12chars_format"};
constinit writing<double, chars_format, int> write_double_to{"_ZSt8to_charsPcS_dSt12chars_formati"};
constinit writing<long double> write_long{"_ZSt8to_charsPcS_e"};
constinit writing<long double, chars_format> write_long_as{"_ZSt8to_charsPcS_eSt12chars_format"};
constinit writing<long double, chars_format, int> write_long_to{"_ZSt8to_charsPcS_eSt12chars_formati"};
constinit reading<float> read_float{"_ZSt10from_charsPKcS0_RfSt12chars_format"};
constinit reading<double> read_double{"_ZSt10from_charsPKcS0_RdSt12chars_format"};
constinit reading<long double> read_long{"_ZSt10from_charsPKcS0_ReSt12chars_format"};

// Of a number that does not fit nothing is certain but that the characters may be written.
template <class... Args>
std::to_chars_result written(writing<Args...>& real, char* first, char* last, Args... args) noexcept {
  const std::to_chars_result result = real(first, last, args...);
  call_checks().writes(first, static_cast<std::size_t>(result.ptr - first));
  return result;
}

// Reads the number and the character that ends it.
template <class T>
std::from_chars_result read(reading<T>& real, const char* first, const char* last, T& value,
                            chars_format format) noexcept {
  T number{};
  const std::from_chars_result result = real(first, last, number, format);
  call_checks checks;
  checks.reads(first, static_cast<std::size_t>(result.ptr - first) + (result.ptr != last ? 1 : 0));
  if (result.ec != std::errc()) return result;
  checks.writes(&value, sizeof value);
  value = number;
  return result;
}

}  // namespace

namespace std {

to_chars_result to_chars(char* first, char* last, float value) noexcept {
  return written(write_float, first, last, value);
}
to_chars_result to_chars(char* first, char* last, float value, chars_format format) noexcept {
  return written(write_float_as, first, last, value, format);
}
to_chars_result to_chars(char* first, char* last, float value, chars_format format, int precision) noexcept {
  return written(write_float_to, first, last, value, format, precision);
}
to_chars_result to_chars(char* first, char* last, double value) noexcept {
  return written(write_double, first, last, value);
}
to_chars_result to_chars(char* first, char* last, double value, chars_format format) noexcept {
  return written(write_double_as, first, last, value, format);
}
to_chars_result to_chars(char* first, char* last, double value, chars_format format, int precision) noexcept {
  return written(write_double_to, first, last, value, format, precision);
}
to_chars_result to_chars(char* first, char* last, long double value) noexcept {
  return written(write_long, first, last, value);
}
to_chars_result to_chars(char* first, char* last, long double value, chars_format format) noexcept {
  return written(write_long_as, first, last, value, format);
}
to_chars_result to_chars(char* first, char* last, long double value, chars_format format,
                         int precision) noexcept {
  return written(write_long_to, first, last, value, format, precision);
}

from_chars_result from_chars(const char* first, const char* last, float& value,
                             chars_format format) noexcept {
  return read(read_float, first, last, value, format);
}
from_chars_result from_chars(const char* first, const char* last, double& value,
                             chars_format format) noexcept {
  return read(read_double, first, last, value, format);
}
from_chars_result from_chars(const char* first, const char* last, long double& value,
                             chars_format format) noexcept {
  return read(read_long, first, last, value, format);
}

}  // namespace std
