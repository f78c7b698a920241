// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a test program says about itself, in its comments:
//
//   // verdict: race 20/20 | misuse 20/20 | race 3+/20 | clean 20/20 | deadlock 20/20 | leak 20/20 |
//   panic 20/20 "regex"
//   // race: counter account      any of these names must stand in the report
//   // hint: rule                must be among the hints of every report; of a panic: a misuse that
//                                comes with it, named and marked as a race is
//   // shape: lock cycle         of a deadlock or leak, one of those reported
//   // also: misuse              other kinds of finding that a run may come with
//   // predicted: lock cycle      shape of a deadlock that the run came past: exactly this one is predicted,
//   by
//                                waits on marked lines, each mark met; it gates only with fail_on=predicted
//   // stdout: regex              must match somewhere in the standard output of every seeded run
//   // args: a b                  of the program
//   // link: -lz                  of the compiler
//   // free: no                   not run outside seeds
//   ++counter;  // <- 1 2         this line may be side 1, or side 2, of the race
//
// `n+/20`: on at least n of 20 seeds, and clean on the others. A deadlock ends the program; a leak, or a
// deadlock of some, is reported while it runs or at its end.
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace programs {

enum class verdict_kind { race, misuse, clean, deadlock, panic, leak };
constexpr bool is_reported(verdict_kind k) { return k == verdict_kind::race || k == verdict_kind::misuse; }
constexpr bool is_standstill(verdict_kind k) {
  return k == verdict_kind::deadlock || k == verdict_kind::leak;
}

struct verdict {
  verdict_kind kind = verdict_kind::clean;
  int at_least = 20, of = 20;
  bool exact = true;    // on exactly `at_least` seeds
  std::string message;  // a regular expression
};

enum side : unsigned { side_one = 1, side_two = 2 };

struct expectation {
  std::filesystem::path file;
  verdict expected;
  std::string verdict_text;  // as written
  std::string shape;
  std::string predicted;  // the shape; empty: nothing is
  std::vector<std::string> race_names, hints, also, output, arguments, link_flags;
  std::map<unsigned, unsigned> marks;  // line -> sides
  bool runs_free = true;
  std::string summary;                // what it shows: the comment up to its lesson or first key
  std::vector<unsigned char> source;  // for the build cache

  std::string name() const;  // "tour/race_counter"
};

// Throws std::runtime_error that names file and line when the comments do not make sense, among them a file
// name that contradicts the verdict.
expectation read_expectation(const std::filesystem::path&);
expectation parse_expectation(const std::filesystem::path&, std::string_view source);

}  // namespace programs
