// SPDX-License-Identifier: Apache-2.0
#pragma once
// An error as a value: none, or a text, perhaps with the exception it stands for. Copies are the same error
// and compare equal; two errors made separately do not, whatever their texts. Immutable and thread-safe, but
// for assigning one variable.
#include <exception>
#include <string>
#include <type_traits>
#include <utility>

#include <fmt/core.h>

#include "snag/config.h"

namespace snag {

namespace detail {
struct error_body;
struct known_error {  // one that exists from the start and for ever
  const char* text;
  bool timeout = false;
};
}  // namespace detail

class [[nodiscard]] error {
 public:
  constexpr error() noexcept = default;
  constexpr error(std::nullptr_t) noexcept {}
  constexpr explicit error(const detail::known_error& known) noexcept : known_(&known) {}
  explicit error(std::string text);
  explicit error(std::exception_ptr stands_for);
  template <class E>
    requires(std::is_base_of_v<std::exception, std::remove_cvref_t<E>>)
  error(E&& exception) : error(std::make_exception_ptr(std::forward<E>(exception))) {}

  SNAG_USER_ACCESS error(const error& other) noexcept : known_(other.known_), body_(other.body_) { gain(); }
  SNAG_USER_ACCESS error(error&& other) noexcept
      : known_(std::exchange(other.known_, nullptr)), body_(std::exchange(other.body_, nullptr)) {}
  SNAG_USER_ACCESS error& operator=(error other) noexcept {
    std::swap(known_, other.known_);
    std::swap(body_, other.body_);
    return *this;
  }
  ~error() { lose(); }

  SNAG_USER_ACCESS explicit operator bool() const noexcept { return known_ != nullptr || body_ != nullptr; }
  SNAG_USER_ACCESS friend bool operator==(const error& a, const error& b) noexcept {
    return a.known_ == b.known_ && a.body_ == b.body_;
  }
  const char* what() const noexcept;  // "" if none
  std::string message() const { return what(); }
  std::exception_ptr exception() const noexcept;  // null if it stands for none
  // Something took too long: context::deadline_exceeded, or a std::system_error that says
  // std::errc::timed_out.
  bool timeout() const noexcept;
  [[noreturn]] void raise() const;  // throws that, else std::runtime_error(what())

 private:
  void gain() const noexcept;
  void lose() noexcept;

  const detail::known_error* known_ = nullptr;
  detail::error_body* body_ = nullptr;
};

}  // namespace snag

// println("{}", e): the text, "<nil>" if there is none.
template <>
struct fmt::formatter<snag::error> {
  constexpr auto parse(fmt::format_parse_context& specification) { return specification.begin(); }
  template <class Context>
  auto format(const snag::error& e, Context& to) const {
    auto out = to.out();
    for (const char* c = e ? e.what() : "<nil>"; *c != '\0'; ++c) *out++ = *c;
    return out;
  }
};
