// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/panic_text.h"

#include <cxxabi.h>
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <exception>

namespace snag::detail {
namespace {

// Finds the std::exception inside an object of a type known only at run time, as a catch clause would.
const std::exception* as_std_exception(const void* object, const std::type_info& type) noexcept {
  void* adjusted = const_cast<void*>(object);
  return typeid(std::exception).__do_catch(&type, &adjusted, 1) ? static_cast<std::exception*>(adjusted)
                                                                : nullptr;
}

template <class T>
const T* as(const void* object, const std::type_info& type) noexcept {
  return type == typeid(T) ? static_cast<const T*>(object) : nullptr;
}

// Go's strconv.FormatFloat(v, 'g', -1, …): the fewest digits that say which value it is, with an exponent
// where that is below -4 or above 5.
template <class T>
std::string shortest(T v) {
  if (std::isnan(v)) return "NaN";
  if (std::isinf(v)) return v < 0 ? "-Inf" : "+Inf";
  char digits[400];
  const auto text_as = [&](std::chars_format format) {
    return std::string(digits, std::to_chars(digits, std::end(digits), v, format).ptr);
  };
  std::string text = text_as(std::chars_format::scientific);
  const int exponent = std::atoi(text.c_str() + text.find('e') + 1);
  return exponent < -4 || exponent > 5 ? text : text_as(std::chars_format::fixed);
}

}  // namespace

std::string text_of_float(float v) { return shortest(v); }
std::string text_of_float(double v) { return shortest(v); }

std::string type_name(const std::type_info& type) {
  int status = -1;
  char* demangled = abi::__cxa_demangle(type.name(), nullptr, nullptr, &status);
  std::string name = status == 0 ? demangled : type.name();
  std::free(demangled);
  return name;
}

std::string text_of(const void* object, const std::type_info& type) {
  if (const auto* e = as_std_exception(object, type)) return e->what();
  if (const auto* s = as<std::string>(object, type)) return *s;
  if (const auto* v = as<std::string_view>(object, type)) return std::string(*v);
  if (const auto* c = as<const char*>(object, type)) return *c != nullptr ? *c : "";
  if (const auto* c = as<char*>(object, type)) return *c != nullptr ? *c : "";
  if (const auto* v = as<bool>(object, type)) return fmt::format("{}", *v);
  if (const auto* v = as<char>(object, type)) return fmt::format("{}", *v);
  if (const auto* v = as<signed char>(object, type)) return fmt::format("{}", *v);
  if (const auto* v = as<unsigned char>(object, type)) return fmt::format("{}", *v);
  if (const auto* v = as<short>(object, type)) return fmt::format("{}", *v);
  if (const auto* v = as<unsigned short>(object, type)) return fmt::format("{}", *v);
  if (const auto* v = as<int>(object, type)) return fmt::format("{}", *v);
  if (const auto* v = as<unsigned>(object, type)) return fmt::format("{}", *v);
  if (const auto* v = as<long>(object, type)) return fmt::format("{}", *v);
  if (const auto* v = as<unsigned long>(object, type)) return fmt::format("{}", *v);
  if (const auto* v = as<long long>(object, type)) return fmt::format("{}", *v);
  if (const auto* v = as<unsigned long long>(object, type)) return fmt::format("{}", *v);
  if (const auto* v = as<double>(object, type)) return text_of_float(*v);
  if (const auto* v = as<float>(object, type)) return text_of_float(*v);
  const void* const address = type.__is_pointer_p() ? *static_cast<void* const*>(object) : object;
  return fmt::format("({}) {}", type_name(type), address);
}

const void* object_of(const std::exception_ptr& exception) noexcept {
  const void* object = nullptr;  // libstdc++, exception_ptr.h
  static_assert(sizeof exception == sizeof object);
  std::memcpy(&object, &exception, sizeof object);
  return object;
}

const void* current_exception_object() noexcept { return object_of(std::current_exception()); }

std::string text_of_current() {
  if (const std::type_info* type = abi::__cxa_current_exception_type())
    if (const void* object = current_exception_object()) return text_of(object, *type);
  return "an exception that is not C++'s";
}

std::string indented(std::string_view text) {
  std::string result;
  for (const char c : text) {
    result += c;
    if (c == '\n') result += '\t';
  }
  return result;
}

}  // namespace snag::detail
