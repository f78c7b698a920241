// SPDX-License-Identifier: Apache-2.0
#pragma once
// How an exception reads in a panic message: what() of a std::exception, strings raw, numbers as such,
// anything else as its type and address.
#include <exception>
#include <string>
#include <string_view>
#include <typeinfo>

namespace snag::detail {

std::string type_name(const std::type_info&);  // demangled
std::string text_of(const void* object, const std::type_info&);
std::string text_of_current();                              // of the exception being handled, C++ or not
const void* object_of(const std::exception_ptr&) noexcept;  // as __cxa_throw was given it
const void* current_exception_object() noexcept;  // as __cxa_throw was given it; null: none, or not C++'s

// Further lines are indented by a tab, so that a message cannot be taken for something else (Go 1.23).
std::string indented(std::string_view);

}  // namespace snag::detail
