// SPDX-License-Identifier: Apache-2.0
#pragma once
// The bytes of a schedule record. One entry a decision: varint(answer * 2 + changed), then varint(n) if the
// number of choices n differs from the previous entry's (`changed`). Keeping n costs little and lets a replay
// notice at the first step that the program is not the one recorded. Decisions with one choice are not kept.
#include <cstddef>
#include <cstdint>
#include <string>

namespace snag::detail {

class record_writer {
 public:
  explicit record_writer(std::string& bytes) noexcept : bytes_(bytes) {}
  void append(std::uint32_t n, std::uint32_t answer);

 private:
  std::string& bytes_;
  std::uint32_t previous_n_ = 0;
};

class record_reader {
 public:
  explicit record_reader(const std::string& bytes) noexcept : bytes_(bytes) {}
  enum class result { ok, end, corrupt };
  result next(std::uint32_t& n, std::uint32_t& answer) noexcept;
  std::size_t decisions() const noexcept { return decisions_; }  // read so far

 private:
  bool varint(std::uint64_t& value) noexcept;
  const std::string& bytes_;
  std::size_t at_ = 0;
  std::size_t decisions_ = 0;
  std::uint32_t previous_n_ = 0;
};

}  // namespace snag::detail
