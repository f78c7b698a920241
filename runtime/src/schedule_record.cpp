// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>
#include <cstdio>
#include <memory>

#include "runtime/src/record_format.h"
#include "snag/schedule.h"

namespace snag {
namespace detail {
namespace {

void put_varint(std::string& bytes, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(0x80 | (value & 0x7f)));
  bytes.push_back(static_cast<char>(value));
}

}  // namespace

void record_writer::append(std::uint32_t n, std::uint32_t answer) {
  const bool changed = n != previous_n_;
  put_varint(bytes_, std::uint64_t{answer} * 2 + changed);
  if (changed) put_varint(bytes_, previous_n_ = n);
}

bool record_reader::varint(std::uint64_t& value) noexcept {
  value = 0;
  for (unsigned shift = 0; at_ < bytes_.size() && shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes_[at_++]);
    value |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

record_reader::result record_reader::next(std::uint32_t& n, std::uint32_t& answer) noexcept {
  if (at_ == bytes_.size()) return result::end;
  std::uint64_t entry, choices = previous_n_;
  if (!varint(entry) || ((entry & 1) != 0 && !varint(choices))) return result::corrupt;
  if (entry / 2 >= choices || choices > UINT32_MAX) return result::corrupt;
  previous_n_ = n = static_cast<std::uint32_t>(choices);
  answer = static_cast<std::uint32_t>(entry / 2);
  ++decisions_;
  return result::ok;
}

}  // namespace detail

namespace {
constexpr std::string_view prefix = "snag-schedule-1:";
constexpr char digits[] = "0123456789abcdef";
}  // namespace

std::string schedule_record::to_string() const {
  std::string text(prefix);
  text.reserve(prefix.size() + 2 * bytes_.size());
  for (const char c : bytes_) {
    text.push_back(digits[static_cast<unsigned char>(c) >> 4]);
    text.push_back(digits[c & 0xf]);
  }
  return text;
}

schedule_record schedule_record::from_string(std::string_view text) {
  schedule_record record;
  if (!text.starts_with(prefix)) return record;
  text.remove_prefix(prefix.size());
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    record.bytes_.push_back(static_cast<char>(value(text[i]) * 16 + value(text[i + 1])));
  return record;
}

bool schedule_record::save(const char* path) const {
  const std::string temporary = std::string(path) + ".tmp" + std::to_string(getpid());
  std::FILE* file = std::fopen(temporary.c_str(), "w");
  if (file == nullptr) return false;
  const std::string text = to_string() + "\n";
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = std::fclose(file) == 0;
  if (written && closed && std::rename(temporary.c_str(), path) == 0) return true;
  std::remove(temporary.c_str());
  return false;
}

bool schedule_record::load(const char* path, schedule_record& out) {
  std::FILE* file = std::fopen(path, "r");
  if (file == nullptr) return false;
  std::string text;
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, file)) > 0;) text.append(buffer, n);
  std::fclose(file);
  out = from_string(text);
  return std::string_view(text).starts_with(prefix);
}

}  // namespace snag
