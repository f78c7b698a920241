// SPDX-License-Identifier: Apache-2.0
#include "cli/test_run/test_progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>

#include <algorithm>

namespace snag::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t shown_of_end = 64 << 10;  // of the output of a test

std::size_t columns(std::FILE* to) {
  winsize size{};
  return ioctl(fileno(to), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// Bytes at most, not in the middle of a character.
std::string shortened(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  text.resize(most);
  return text;
}

}  // namespace

std::string duration_text(std::chrono::milliseconds d) {
  const auto ms = d.count();
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms < 60'000) return fmt::format("{}.{} s", ms / 1000, ms % 1000 / 100);
  return fmt::format("{} min {} s", ms / 60'000, ms % 60'000 / 1000);
}

test_progress::test_progress(std::FILE* to, bool terminal, bool verbose, std::uint64_t total)
    : to_(to), terminal_(terminal), verbose_(verbose), total_(total) {}

test_progress::~test_progress() { clear_line(); }

std::string test_progress::called(const test_case& c, const process_plan& plan) const {
  std::string name = c.name;
  if (plan.seed)
    name += fmt::format(" (seed {})", *plan.seed);
  else if (plan.round > 1)
    name += fmt::format(" (round {})", plan.round);
  return name;
}

void test_progress::started(const test_case& c, const process_plan& plan) {
  running_.insert_or_assign(called(c, plan), steady::now());
  draw();
}

void test_progress::ended(const test_case& c, const process_plan& plan, verdict v,
                          std::chrono::milliseconds spent, const std::string& detail,
                          const captured_output* output) {
  const std::string name = called(c, plan);
  running_.erase(name);
  const bool again = output == nullptr && v != verdict::unstarted;  // its verdict alone has changed
  if (!again) ++ended_;
  if (is_bad(v)) ++bad_;
  if (terminal_ && !is_bad(v) && !verbose_) return draw();
  clear_line();
  if (output != nullptr && (is_bad(v) || verbose_)) {
    std::string text = output->text(shown_of_end);
    if (!text.empty() && text.back() != '\n') text += '\n';
    fmt::print(to_, "{}", text);
  }
  fmt::print(to_, "[{}/{}] {:<8} {} ({}){}{}\n", ended_, total_, word(v), name, duration_text(spent),
             detail.empty() ? "" : ": ", detail);
  std::fflush(to_);
  draw();
}

void test_progress::say(const std::string& line) {
  clear_line();
  fmt::print(to_, "snag: {}\n", line);
  std::fflush(to_);
}

void test_progress::tick() {
  if (terminal_ && steady::now() - drawn_ > 200ms) draw();
}

void test_progress::clear_line() {
  if (line_is_drawn_) fmt::print(to_, "\r\x1b[K");
  line_is_drawn_ = false;
}

void test_progress::draw() {
  if (!terminal_) return;
  std::string line = fmt::format("[{}/{}]", ended_, total_);
  if (bad_ != 0) line += fmt::format(" {} bad", bad_);
  if (!running_.empty()) {
    // The one that has run longest is the one that is asked about.
    const auto oldest = std::min_element(running_.begin(), running_.end(),
                                         [](const auto& a, const auto& b) { return a.second < b.second; });
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - oldest->second);
    line += fmt::format(" {}", oldest->first);
    if (since >= 1s) line += fmt::format(" ({} s)", since.count() / 1000);
    if (running_.size() > 1) line += fmt::format(" and {} more", running_.size() - 1);
  }
  fmt::print(to_, "\r\x1b[K{}", shortened(line, columns(to_) - 1));
  std::fflush(to_);
  line_is_drawn_ = true;
  drawn_ = steady::now();
}

}  // namespace snag::cli
