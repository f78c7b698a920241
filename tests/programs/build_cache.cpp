// SPDX-License-Identifier: Apache-2.0
#include "tests/programs/build_cache.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <stdexcept>

#include "tests/programs/process.h"

namespace programs {
namespace {

namespace fs = std::filesystem;

class fnv1a {
 public:
  void add(const void* bytes, std::size_t n) {
    const auto* p = static_cast<const unsigned char*>(bytes);
    for (std::size_t i = 0; i < n; ++i) hash_ = (hash_ ^ p[i]) * 0x100000001b3;
  }
  void add(const std::string& text) { add(text.c_str(), text.size() + 1); }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

void add_file(fnv1a& hash, const fs::path& file) {
  hash.add(file.string());
  const auto time = fs::last_write_time(file).time_since_epoch().count();
  const auto size = fs::file_size(file);
  hash.add(&time, sizeof time);
  hash.add(&size, sizeof size);
}

}  // namespace

build_cache::build_cache(fs::path snag, fs::path folder, std::vector<fs::path> parts, std::string detector,
                         std::string compiler)
    : snag_(std::move(snag)),
      folder_(std::move(folder)),
      detector_(std::move(detector)),
      compiler_(std::move(compiler)) {
  if (!compiler_.empty()) {
    std::vector<std::string> words = {snag_, "flags"};
    if (!detector_.empty()) words.push_back(detector_);
    const process_result asked = run_process(words, {}, std::chrono::minutes(1));
    if (asked.status != 0) throw std::runtime_error(asked.err);
    std::istringstream line(asked.out);
    for (std::string word; line >> word;) flags_.push_back(word);
  }
  fnv1a hash;
  parts.push_back(snag_);
  for (const fs::path& part : parts) {
    if (!fs::is_directory(part)) {
      add_file(hash, part);
      continue;
    }
    std::vector<fs::path> inside;
    for (const auto& entry : fs::recursive_directory_iterator(part))
      if (entry.is_regular_file()) inside.push_back(entry.path());
    std::ranges::sort(inside);
    for (const fs::path& file : inside) add_file(hash, file);
  }
  toolchain_ = hash.value();
  fs::create_directories(folder_);
}

std::vector<std::string> build_cache::command(const expectation& e, const std::string& optimisation,
                                              const fs::path& output) const {
  std::vector<std::string> words;
  if (compiler_.empty()) {
    words = {snag_, "build"};
    if (!detector_.empty()) words.push_back(detector_);
    words.insert(words.end(), {optimisation, "-fverify-intermediate-code", "-o", output, e.file});
  } else {
    words = {compiler_, "-std=c++20", "-g1", optimisation, "-o", output, e.file};
  }
  words.insert(words.end(), e.link_flags.begin(), e.link_flags.end());
  words.insert(words.end(), flags_.begin(), flags_.end());
  return words;
}

build_cache::built build_cache::get(const expectation& e, const std::string& optimisation) const {
  fnv1a hash;
  hash.add(&toolchain_, sizeof toolchain_);
  hash.add(e.source.data(), e.source.size());
  for (const std::string& word : command(e, optimisation, "")) hash.add(word);
  std::string stem = e.name() + optimisation +
                     (detector_.empty()      ? ".plain"
                      : detector_ == "-race" ? ""
                                             : detector_) +
                     (compiler_.empty() ? "." : ".other.");
  std::ranges::replace(stem, '/', '.');
  const fs::path program = folder_ / fmt::format("{}{:016x}", stem, hash.value());
  if (fs::exists(program)) return {program, ""};

  for (const auto& entry : fs::directory_iterator(folder_)) {  // earlier builds of it
    const std::string other = entry.path().filename();
    std::error_code ignored;
    if (other.starts_with(stem) && other.size() == stem.size() + 16) fs::remove(entry.path(), ignored);
  }
  const fs::path fresh = program.string() + fmt::format(".{}", getpid());
  const process_result compiler = run_process(command(e, optimisation, fresh), {}, std::chrono::minutes(3));
  if (compiler.status != 0 || compiler.timed_out || !fs::exists(fresh))
    return {"", compiler.out + compiler.err + fmt::format("(status {})", compiler.status)};
  fs::rename(fresh, program);
  return {program, compiler.err};
}

}  // namespace programs
