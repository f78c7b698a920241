// SPDX-License-Identifier: Apache-2.0
#include "detector/src/suppressions.h"

#include <fcntl.h>
#include <string.h>

#include <algorithm>

#include "detector/src/raw_io.h"
#include "detector/src/text.h"

namespace snag::detector {
namespace {

constexpr std::string_view kinds_of_others[] = {"signal", "called_from_lib"};

struct known_kind {
  std::string_view word;
  finding_kind of;
};
constexpr known_kind known_kinds[] = {{"race", finding_kind::race},         {"race_top", finding_kind::race},
                                      {"mutex", finding_kind::misuse},      {"misuse", finding_kind::misuse},
                                      {"deadlock", finding_kind::deadlock}, {"leak", finding_kind::leak},
                                      {"thread", finding_kind::leak}};

std::string_view trimmed(std::string_view s) {
  constexpr std::string_view blank = " \t\r";
  const std::size_t begin = s.find_first_not_of(blank);
  return begin == s.npos ? std::string_view() : s.substr(begin, s.find_last_not_of(blank) - begin + 1);
}

// The whole text against a pattern of which only * is special. Linear in the text for each star.
bool matches_whole(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, from = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool in_frame(std::string_view pattern, const source_frame& f) {
  return matches_pattern(pattern, f.function) || matches_pattern(pattern, f.file);
}

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view text) noexcept {
  string whole;
  if (pattern.starts_with('^'))
    pattern.remove_prefix(1);
  else
    whole.push_back('*');
  const bool to_end = pattern.ends_with('$');
  if (to_end) pattern.remove_suffix(1);
  append(whole, pattern);
  if (!to_end) whole.push_back('*');
  return !text.empty() && matches_whole(whole, text);
}

bool matches_standstill(std::string_view pattern, const finding& f) noexcept {
  const auto any_frame = [&](const vector<source_frame>& stack) {
    return std::any_of(stack.begin(), stack.end(),
                       [&](const source_frame& frame) { return in_frame(pattern, frame); });
  };
  for (const wait_description& w : f.waits) {
    if (any_frame(w.stack)) return true;
    for (const wait_target_description& t : w.targets)
      if (matches_pattern(pattern, t.name)) return true;
  }
  for (const actor_description& a : f.actors) {
    if (matches_pattern(pattern, a.name) || any_frame(a.created_at)) return true;
    // The call that started it often names the function that it runs.
    for (const source_frame& frame : a.created_at)
      if (!frame.library && matches_pattern(pattern, frame.call)) return true;
  }
  return false;
}

string suppression_list::add(std::string_view text) {
  string mistake;
  for (std::uint64_t number = 1; !text.empty() && mistake.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t colon = line.find(':');
    const std::string_view kind = line.substr(0, colon);
    const std::string_view pattern =
        colon == line.npos ? std::string_view() : trimmed(line.substr(colon + 1));
    if (pattern.empty()) {
      append(mistake, "line ", number, ": expected race:PATTERN or race_top:PATTERN");
    } else if (const auto* known = std::find_if(std::begin(known_kinds), std::end(known_kinds),
                                                [&](const known_kind& k) { return k.word == kind; });
               known != std::end(known_kinds)) {
      rules_.push_back({string(pattern), known->of, kind == "race_top", kind == "mutex", kind == "thread",
                        string(line), number});
    } else if (std::find(std::begin(kinds_of_others), std::end(kinds_of_others), kind) ==
               std::end(kinds_of_others)) {
      append(mistake, "line ", number, ": unknown kind '", kind,
             "'; known: race, race_top, mutex, misuse, deadlock, leak, thread");
    }
  }
  return mistake;
}

namespace {

// What is known of a race is known of a use after free: the same mistake under another schedule. And what
// nothing orders is a race to Go's detector.
bool is_race(const finding& f) {
  return f.kind == finding_kind::race || f.rule == "use-after-free" ||
         std::string_view(f.rule).find("-beside-") != std::string_view::npos;
}

bool is_about_lock(const finding& f) {
  return !f.accesses.empty() && (f.accesses[0].type == "mutex" || f.accesses[0].type == "shared_mutex");
}

}  // namespace

bool suppression_list::rule::covers(const finding& f) const noexcept {
  if (kind == finding_kind::race ? !is_race(f) : f.kind != kind) return false;
  if (kind == finding_kind::misuse && (f.rule == "use-after-free" || (locks && !is_about_lock(f))))
    return false;
  if (kind == finding_kind::leak && (f.rule == "thread-not-joined") != thread) return false;
  if (kind == finding_kind::deadlock || kind == finding_kind::leak) return matches_standstill(pattern, f);
  for (const access_description& a : f.accesses) {
    if (top) {
      if (!a.stack.empty() && in_frame(pattern, a.stack.front())) return true;
      continue;
    }
    for (const source_frame& frame : a.stack)
      if (in_frame(pattern, frame)) return true;
    if (matches_pattern(pattern, a.variable) || matches_pattern(pattern, a.object)) return true;
  }
  return !top && f.memory.kind == "global" && matches_pattern(pattern, f.memory.name);
}

std::size_t suppression_list::covering(const finding& f) const noexcept {
  for (std::size_t i = 0; i < rules_.size(); ++i)
    if (rules_[i].covers(f)) return i;
  return none;
}

string load_suppressions(const string& path, suppression_list& to) {
  string mistake;
  struct stat status;
  const int fd = raw_open(path.c_str(), O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0 || !raw_stat(fd, status)) {
    append(mistake, "SNAG_OPTIONS: suppressions=", path,
           ": cannot be read: ", std::string_view(strerror(errno)));
    return mistake;
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  const void* const text = size == 0 ? nullptr : raw_map_file(fd, size);
  raw_close(fd);
  if (size != 0 && text == nullptr) {
    append(mistake, "SNAG_OPTIONS: suppressions=", path, ": is no file");
    return mistake;
  }
  const string wrong = to.add({static_cast<const char*>(text), size});
  if (text != nullptr) raw_unmap(text, size);
  if (!wrong.empty()) append(mistake, "SNAG_OPTIONS: suppressions=", path, ": ", wrong);
  return mistake;
}

}  // namespace snag::detector
