// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a test printed, however much: its beginning and its end are kept.
#include <string>
#include <string_view>

namespace snag::cli {

class captured_output {
 public:
  static constexpr std::size_t kept_of_beginning = 16 << 10, kept_of_end = 1 << 20;

  void append(std::string_view bytes);
  void clear();
  // Of the end at most so many bytes; with a line that says how much is missing, if anything is.
  std::string text(std::size_t of_end = kept_of_end) const;
  bool contains(std::string_view words) const;  // in what was kept

 private:
  std::string beginning_, end_;  // end_ grows to twice what is kept, then its older half goes
  std::size_t total_ = 0;
};

}  // namespace snag::cli
