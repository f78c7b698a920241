// SPDX-License-Identifier: Apache-2.0
#pragma once
// panic(…) throws panic_error; recover is catch. An exception of any type that leaves a goroutine, or main,
// is a panic that nobody recovered: Go's message on stderr, exit status 2.
//   panic("bad state");  panic("bad state {} of {}", a, b);  panic(value)    // shown as Go shows it
#include <fmt/core.h>

#include <any>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "snag/detail/formatted.h"

namespace snag {

class panic_error : public std::exception {
 public:
  explicit panic_error(std::string message, std::any value = {})
      : message_(std::move(message)), value_(std::move(value)) {}
  const char* what() const noexcept override { return message_.c_str(); }
  const std::any& value() const noexcept { return value_; }  // empty if the panic had only a message

 private:
  std::string message_;
  std::any value_;
};

namespace detail {
[[noreturn]] void throw_panic(std::string_view message);
[[noreturn]] void throw_panic(fmt::string_view format, fmt::format_args);
[[noreturn]] void throw_panic(std::string message, std::any value);
template <class... T>
[[noreturn]] void throw_formatted(fmt::string_view format, T&&... arguments) {
  throw_panic(format, fmt::make_format_args(arguments...));
}
std::string describe_value(const std::type_info&, const void* address);      // "(type) 0x…"
std::string describe_enumerator(const std::type_info&, std::string number);  // "type(3)"
std::string text_of_float(float);
std::string text_of_float(double);
}  // namespace detail

[[noreturn]] inline void panic(std::string_view message) { detail::throw_panic(message); }

// Go, since 1.21: a panic with nil is a panic all the same.
[[noreturn]] inline void panic(const char* message) {
  detail::throw_panic(std::string_view(message != nullptr ? message : "panic called with nil argument"));
}

template <class... T>
  requires(sizeof...(T) > 0)
[[noreturn, gnu::noinline]] void panic(fmt::format_string<T...> format, T&&... arguments) {
  detail::throw_formatted(format, detail::formatted(arguments)...);
}

template <class T>
  requires(!std::is_convertible_v<const T&, std::string_view>)
[[noreturn]] void panic(const T& value) {
  if constexpr (std::is_base_of_v<std::exception, T>)
    detail::throw_panic(value.what(), std::any(value));
  else if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>)
    detail::throw_panic(detail::text_of_float(value), std::any(value));
  else if constexpr (std::is_enum_v<T> && !fmt::has_formatter<T, fmt::format_context>::value)
    detail::throw_panic(detail::describe_enumerator(
                            typeid(T), std::to_string(+static_cast<std::underlying_type_t<T>>(value))),
                        std::any(value));
  else if constexpr (fmt::is_formattable<T>::value)
    detail::throw_panic(fmt::format("{}", value), std::any(value));
  else
    detail::throw_panic(detail::describe_value(typeid(T), &value), std::any(value));
}

}  // namespace snag
