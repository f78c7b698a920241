// SPDX-License-Identifier: Apache-2.0
#include "snag/error.h"

#include <atomic>
#include <stdexcept>
#include <system_error>

namespace snag {

struct detail::error_body {
  std::atomic<std::size_t> references{1};
  std::string text;
  std::exception_ptr stands_for;
  bool timeout = false;
};

namespace {

bool says_timed_out(const std::exception_ptr& e) {
  try {
    std::rethrow_exception(e);
  } catch (const std::system_error& known) {
    return known.code() == std::errc::timed_out;
  } catch (...) {
    return false;
  }
}

std::string text_of(const std::exception_ptr& e) {
  try {
    std::rethrow_exception(e);
  } catch (const std::exception& known) {
    return known.what();
  } catch (...) {
    return "unknown exception";
  }
}

}  // namespace

error::error(std::string text)
    : body_(new detail::error_body{.text = std::move(text), .stands_for = nullptr}) {}

error::error(std::exception_ptr stands_for) {
  if (stands_for == nullptr) return;
  std::string text = text_of(stands_for);
  const bool timeout = says_timed_out(stands_for);
  body_ = new detail::error_body{
      .text = std::move(text), .stands_for = std::move(stands_for), .timeout = timeout};
}

void error::gain() const noexcept {
  if (body_ != nullptr) body_->references.fetch_add(1, std::memory_order_relaxed);
}

void error::lose() noexcept {
  if (body_ != nullptr && body_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete body_;
}

const char* error::what() const noexcept {
  if (known_ != nullptr) return known_->text;
  return body_ != nullptr ? body_->text.c_str() : "";
}

bool error::timeout() const noexcept {
  if (known_ != nullptr) return known_->timeout;
  return body_ != nullptr && body_->timeout;
}

std::exception_ptr error::exception() const noexcept {
  return body_ != nullptr ? body_->stands_for : nullptr;
}

void error::raise() const {
  if (std::exception_ptr e = exception()) std::rethrow_exception(e);
  throw std::runtime_error(what());
}

}  // namespace snag
