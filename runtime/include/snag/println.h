// SPDX-License-Identifier: Apache-2.0
#pragma once
// println("{} of {}", a, b): one line to standard output, whole even if many goroutines print at once, and at
// once: a program that crashes later has printed it. Goes through stdio, so it mixes with printf and
// std::cout.
#include <fmt/core.h>

#include "snag/detail/formatted.h"

namespace snag {

namespace detail {
void print_line(fmt::string_view format, fmt::format_args arguments);
template <class... T>
void print_formatted(fmt::string_view format, T&&... arguments) {
  print_line(format, fmt::make_format_args(arguments...));
}
}  // namespace detail

// (Not inlined, so that the plugin recognises who gets the arguments' addresses: nobody keeps them.)
template <class... T>
[[gnu::noinline]] void println(fmt::format_string<T...> format, T&&... arguments) {
  detail::print_formatted(format, detail::formatted(arguments)...);
}
inline void println() { detail::print_line("", {}); }

}  // namespace snag
