// SPDX-License-Identifier: Apache-2.0
// The real core against the naive oracle, access by access, over random scripts. Every difference is a bug in
// one of them. A failure prints its seed and the script; rerun one with SNAG_TEST_SEED=n. SNAG_TEST_SCRIPTS=n
// plays n scripts instead of the default 100,000.
#include "tests/detector/support/oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "tests/detector/support/scripted_core.h"

namespace snag::testing {
namespace {

constexpr std::uint64_t default_scripts = 100'000;

// Four of five scripts check each access, the fifth goes behind the filters; one of 20,000 is a crowd.
struct counts {
  std::uint64_t exact, filtered, crowds;
};
counts to_play() {
  const char* asked = std::getenv("SNAG_TEST_SCRIPTS");
  const std::uint64_t all = asked ? std::strtoull(asked, nullptr, 10) : default_scripts;
  return {all - all / 5, all / 5, 1 + all / 20'000};
}

// For each byte: races are told for the same bytes, and each told one is among the oracle's.
bool agree(const std::vector<hit>& core, const std::vector<hit>& oracle) {
  std::set<int> core_bytes, oracle_bytes;
  const std::set<hit> truth(oracle.begin(), oracle.end());
  for (const hit& h : oracle) oracle_bytes.insert(h.offset);
  for (const hit& h : core) {
    core_bytes.insert(h.offset);
    if (!truth.contains(h)) return false;
  }
  return core_bytes == oracle_bytes;
}

std::string show(const std::vector<hit>& hits) {
  std::string out;
  for (const hit& h : hits) out += " " + std::to_string(h.offset) + "<-" + std::to_string(h.previous);
  return out.empty() ? " none" : out;
}

int length_of(std::uint64_t seed) { return 20 + static_cast<int>(seed % 50); }

bool play_exact(std::uint64_t seed, const script& s) {
  scripted_core core;
  oracle truth;
  for (int i = 0; i < static_cast<int>(s.size()); ++i) {
    const std::vector<hit> expected = truth.play(s[static_cast<std::size_t>(i)], i);
    const std::vector<hit> told = core.play(s[static_cast<std::size_t>(i)], i);
    if (agree(told, expected)) continue;
    ADD_FAILURE() << "seed " << seed << ", step " << i << "\n core:" << show(told)
                  << "\n oracle:" << show(expected) << '\n'
                  << to_string(s);
    return false;
  }
  return true;
}

bool run_exact(std::uint64_t seed) { return play_exact(seed, random_script(seed, length_of(seed))); }

bool run_crowd(std::uint64_t seed) {
  const int alive = 1'500 + static_cast<int>(seed * 997 % 2'000);
  return play_exact(seed, crowded_script(seed, 30'000, alive));
}

// Of this byte a race was told with an access that its actor made in the same span, of this step or before.
class told_races {
 public:
  explicit told_races(const oracle& truth) : truth_(truth) {}
  void note(const hit& h, int index) {
    told_.insert({h.offset, index});
    told_.insert(h);
  }
  bool told_in_span(int offset, int index) const {
    const oracle::same_span now = truth_.span_of(index);
    return std::any_of(told_.begin(), told_.end(), [&](const hit& h) {
      const oracle::same_span then = truth_.span_of(h.previous);
      return h.offset == offset && then.actor == now.actor && then.span == now.span;
    });
  }

 private:
  const oracle& truth_;
  std::set<hit> told_;
};

// Behind the filters, an access may go unchecked if its actor made at least as strong an access of the same
// bytes since its last release: whatever races with it raced with that one, and was told then or when it
// came.
bool run_filtered(std::uint64_t seed) {
  const script s = random_script(seed, length_of(seed));
  scripted_core core(entrance::filtered);
  oracle truth;
  told_races earlier(truth);
  for (int i = 0; i < static_cast<int>(s.size()); ++i) {
    bool skipped = false;
    const step& e = s[static_cast<std::size_t>(i)];
    const std::vector<hit> expected = truth.play(e, i);
    const std::vector<hit> told = core.play(e, i, &skipped);
    bool good = skipped ? told.empty() : agree(told, expected);
    for (const hit& h : told) earlier.note(h, i);
    if (skipped)
      for (const hit& h : expected) good = good && earlier.told_in_span(h.offset, i);
    if (good) continue;
    ADD_FAILURE() << "seed " << seed << ", step " << i << (skipped ? " (skipped)" : "")
                  << "\n core:" << show(told) << "\n oracle:" << show(expected) << '\n'
                  << to_string(s);
    return false;
  }
  return true;
}

// Each byte of the script is 16 of the program, so that ranges go over whole lines of cells, whose granules
// are often met as one. Of them, too, what is on record may go unchecked, part by part.
constexpr int stretch = 16;
step stretched(step s) {
  s.offset *= stretch;
  s.size *= stretch;
  return s;
}
// The script's bytes that were told whole. (Offsets of channels' words stay what they are.)
std::vector<hit> shrunk(const std::vector<hit>& told) {
  std::set<hit> some;
  std::map<int, std::set<int>> told_of;
  std::vector<hit> out;
  for (const hit& h : told) {
    if (h.offset >= channel_word) {
      out.push_back(h);
      continue;
    }
    told_of[h.offset / stretch].insert(h.offset);
    some.insert({h.offset / stretch, h.previous});
  }
  for (const hit& h : some)
    if (told_of[h.offset].size() == stretch) out.push_back(h);
  return out;
}

bool run_wide(std::uint64_t seed) {
  script s = random_script(seed, length_of(seed));
  std::erase_if(s,
                [](const step& e) { return is_access(e.what) && e.what != op::read && e.what != op::write; });
  scripted_core core;
  oracle truth;
  told_races earlier(truth);
  for (int i = 0; i < static_cast<int>(s.size()); ++i) {
    const step& e = s[static_cast<std::size_t>(i)];
    const bool is_of_memory = e.what == op::read || e.what == op::write || e.what == op::forget;
    const std::vector<hit> expected = truth.play(e, i);
    const std::vector<hit> told = shrunk(core.play(is_of_memory ? stretched(e) : e, i));
    bool good = true;
    for (const hit& h : told) {
      good = good && std::find(expected.begin(), expected.end(), h) != expected.end();
      earlier.note(h, i);
    }
    for (const hit& h : expected) good = good && earlier.told_in_span(h.offset, i);
    if (good) continue;
    ADD_FAILURE() << "seed " << seed << ", step " << i << "\n core:" << show(told)
                  << "\n oracle:" << show(expected) << '\n'
                  << to_string(s);
    return false;
  }
  return true;
}

template <class Run>
void run_all(Run&& run, std::uint64_t begin, std::uint64_t end) {
  if (const char* one = std::getenv("SNAG_TEST_SEED")) {
    run(std::strtoull(one, nullptr, 10));
    return;
  }
  int failures = 0;
  for (std::uint64_t seed = begin; seed < end && failures < 3; ++seed) failures += !run(seed);
}

TEST(oracle, agrees_with_the_core_on_every_access) { run_all(run_exact, 0, to_play().exact); }
TEST(oracle, agrees_with_the_core_behind_its_filters) {
  const counts n = to_play();
  run_all(run_filtered, n.exact, n.exact + n.filtered);
}
TEST(oracle, agrees_with_the_core_about_ranges_of_whole_lines) { run_all(run_wide, 0, to_play().filtered); }
TEST(oracle, agrees_with_the_core_about_thousands_of_goroutines) { run_all(run_crowd, 0, to_play().crowds); }

}  // namespace
}  // namespace snag::testing
