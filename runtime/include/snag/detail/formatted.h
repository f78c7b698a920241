// SPDX-License-Identifier: Apache-2.0
#pragma once
// What println and panic hand to the formatting library, which is compiled elsewhere: text as a copy, for
// which the characters are read in the caller's program; anything else as it is.
#include <string>
#include <string_view>
#include <type_traits>

#include "snag/config.h"

namespace snag::detail {

template <class T>
SNAG_USER_ACCESS decltype(auto) formatted(T& argument) {
  using type = std::remove_cv_t<T>;
  if constexpr (std::is_same_v<type, std::string> || std::is_same_v<type, std::string_view>)
    return std::string(argument);
  else
    return (argument);
}

}  // namespace snag::detail
