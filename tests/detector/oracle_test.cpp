// SPDX-License-Identifier: Apache-2.0
// The real core against the naive oracle, access by access, over random scripts. Every difference is a bug in
// one of them. A failure prints its seed and the script; rerun one with SNAG_TEST_SEED=n. SNAG_TEST_SCRIPTS=n
// plays n scripts instead of the default 100,000.
#include "tests/detector/support/oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
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

// Behind the filters, an access may go unchecked if its actor made at least as strong an access of the same
// bytes since its last release: whatever races with it raced with that one, and was told then or when it
// came.
bool run_filtered(std::uint64_t seed) {
  const script s = random_script(seed, length_of(seed));
  scripted_core core(entrance::filtered);
  oracle truth;
  std::set<hit> told_of;  // a race of this byte with this access was told
  const auto told_of_span = [&](int offset, int index) {
    const oracle::same_span now = truth.span_of(index);
    return std::any_of(told_of.begin(), told_of.end(), [&](const hit& h) {
      const oracle::same_span then = truth.span_of(h.previous);
      return h.offset == offset && then.actor == now.actor && then.span == now.span;
    });
  };
  for (int i = 0; i < static_cast<int>(s.size()); ++i) {
    bool skipped = false;
    const step& e = s[static_cast<std::size_t>(i)];
    const std::vector<hit> expected = truth.play(e, i);
    const std::vector<hit> told = core.play(e, i, &skipped);
    bool good = skipped ? told.empty() : agree(told, expected);
    for (const hit& h : told) {
      told_of.insert({h.offset, i});
      told_of.insert(h);
    }
    if (skipped)
      for (const hit& h : expected) good = good && told_of_span(h.offset, i);
    if (good) continue;
    ADD_FAILURE() << "seed " << seed << ", step " << i << (skipped ? " (skipped)" : "")
                  << "\n core:" << show(told) << "\n oracle:" << show(expected) << '\n'
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
TEST(oracle, agrees_with_the_core_about_thousands_of_goroutines) { run_all(run_crowd, 0, to_play().crowds); }

}  // namespace
}  // namespace snag::testing
