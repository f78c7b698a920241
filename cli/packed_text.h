// SPDX-License-Identifier: Apache-2.0
#pragma once
// Text that is kept compressed until somebody reads it. A finding's stacks are long and say the same names
// over and over, and there may be a hundred thousand findings.
#include <cstddef>
#include <string>
#include <string_view>

namespace snag::cli {

class packed_text {
 public:
  packed_text() = default;
  explicit packed_text(std::string_view text);
  std::string text() const;
  std::size_t size() const { return size_; }  // of the text
  // Of equal texts they are equal: the same library packs both.
  friend bool operator==(const packed_text&, const packed_text&) = default;

 private:
  std::string packed_;
  std::size_t size_ = 0;
};

}  // namespace snag::cli
