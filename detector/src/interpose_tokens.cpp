// SPDX-License-Identifier: Apache-2.0
// Strings that libc takes apart: strspn and its kin, strtok and strsep. strtok keeps its place in an object
// that all threads share (C17 7.24.5.8), which is a race of its own when two threads call it. Compiled with
// -fno-builtin, and without <string.h>, as interpose_strings.cpp is.
#include <bitset>

#include "detector/src/call_checks.h"

namespace snag::detector {
namespace {

// The characters of a string, its terminator among them.
class character_set {
 public:
  explicit character_set(const char* text) {
    do {
      members_.set(static_cast<unsigned char>(text[bytes_]));
    } while (text[bytes_++] != '\0');
  }
  bool contains(char c) const { return members_[static_cast<unsigned char>(c)]; }
  std::size_t bytes() const { return bytes_; }  // of its text

  std::size_t members_at(const char* s) const {
    std::size_t n = 0;
    while (s[n] != '\0' && contains(s[n])) ++n;
    return n;
  }
  std::size_t others_at(const char* s) const {
    std::size_t n = 0;
    while (!contains(s[n])) ++n;
    return n;
  }

 private:
  std::bitset<256> members_;
  std::size_t bytes_ = 0;
};

// Ends the token at `begin`; where the next one is looked for, null behind the last.
char* cut(call_checks& checks, char* begin, const character_set& delimiters) {
  char* const end = begin + delimiters.others_at(begin);
  checks.reads(begin, static_cast<std::size_t>(end - begin) + 1);
  if (*end == '\0') return nullptr;
  checks.writes(end, 1);
  *end = '\0';
  return end + 1;
}

char* next_token(call_checks& checks, char* s, const char* delimiters, char*& place) {
  const character_set set(delimiters);
  checks.reads(delimiters, set.bytes());
  if (s == nullptr) {
    checks.reads(&place, sizeof place);
    s = __atomic_load_n(&place, __ATOMIC_RELAXED);
  }
  char* token = nullptr;
  if (s != nullptr) {
    const std::size_t skipped = set.members_at(s);
    checks.reads(s, skipped + 1);
    s += skipped;
    if (*s != '\0') {
      token = s;
      char* const behind = cut(checks, token, set);
      s = behind != nullptr ? behind : token + set.others_at(token);
    }
  }
  checks.writes(&place, sizeof place);
  __atomic_store_n(&place, s, __ATOMIC_RELAXED);
  return token;
}

}  // namespace

char* place_of_strtok = nullptr;  // reports show this name

}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

std::size_t strspn(const char* s, const char* accepted) {
  const character_set set(accepted);
  const std::size_t n = set.members_at(s);
  call_checks().reads(accepted, set.bytes()).reads(s, n + 1);
  return n;
}
std::size_t strcspn(const char* s, const char* rejected) {
  const character_set set(rejected);
  const std::size_t n = set.others_at(s);
  call_checks().reads(rejected, set.bytes()).reads(s, n + 1);
  return n;
}
char* strpbrk(const char* s, const char* wanted) {
  const char* const found = s + strcspn(s, wanted);
  return *found == '\0' ? nullptr : const_cast<char*>(found);
}

char* strtok_r(char* s, const char* delimiters, char** place) {
  call_checks checks;
  return next_token(checks, s, delimiters, *place);
}
char* strtok(char* s, const char* delimiters) {
  call_checks checks;
  return next_token(checks, s, delimiters, place_of_strtok);
}
char* strsep(char** s, const char* delimiters) {
  call_checks checks;
  checks.reads(s, sizeof *s);
  char* const token = *s;
  if (token == nullptr) return nullptr;
  const character_set set(delimiters);
  checks.reads(delimiters, set.bytes());
  char* const next = cut(checks, token, set);
  checks.writes(s, sizeof *s);
  *s = next;
  return token;
}

}  // extern "C"
