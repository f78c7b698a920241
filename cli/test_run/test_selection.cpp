// SPDX-License-Identifier: Apache-2.0
#include "cli/test_run/test_selection.h"

#include <fmt/format.h>

#include <charconv>

#include "cli/failure.h"

namespace snag::cli {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || text.empty()) return std::nullopt;
  return value;
}

// The programs that have to run because `number` does.
void add_fixtures(const test_list& list, std::size_t number, std::set<std::size_t>& all) {
  const ctest_properties& c = list.programs[number].ctest;
  for (const auto* others : {&c.needs, &c.cleaned_by})
    for (const std::size_t other : *others)
      if (all.insert(other).second) add_fixtures(list, other, all);
}

}  // namespace

seed_range parse_seeds(const std::string& text) {
  const std::size_t dash = text.find('-');
  const auto last = number(std::string_view(text).substr(dash == std::string::npos ? 0 : dash + 1));
  const auto first = dash == std::string::npos ? 1 : number(std::string_view(text).substr(0, dash));
  if (!first || !last || *last < *first)
    throw usage_error(fmt::format("--seeds {}: expected N, for the seeds 1 to N, or A-B", text));
  return {*first, *last};
}

std::deque<process_plan> select(const test_list& list, std::vector<test_case>& cases,
                                const selection_settings& settings) {
  const std::uint64_t rounds =
      settings.seeds ? settings.seeds->last - settings.seeds->first + 1 : settings.repeat;
  // cases_of[round][program]: the cases of this shard
  std::map<std::uint64_t, std::map<std::size_t, std::vector<std::size_t>>> cases_of;
  std::size_t position = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    cases[i].selected = false;
    if (!settings.filter.matches(cases[i].name)) continue;
    for (std::uint64_t round = 0; round < rounds; ++round)
      if (settings.part.owns(position++)) {
        cases_of[round][cases[i].program].push_back(i);
        cases[i].selected = true;
      }
  }
  std::deque<process_plan> plans;
  for (auto& [round, programs] : cases_of) {
    std::set<std::size_t> fixtures;
    for (const auto& [number, unused] : programs) add_fixtures(list, number, fixtures);
    for (const std::size_t number : fixtures)  // CTest's programs are a case each, at the same place
      if (programs[number].empty()) programs[number].push_back(number);
    for (const auto& [number, chosen] : programs) {
      const test_program& p = list.programs[number];
      process_plan plan{.program = number, .cases = {}, .round = round + 1};
      if (settings.seeds) plan.seed = settings.seeds->first + round;
      const bool apart = settings.isolate || !p.googletest || (p.detects && !p.attributes);
      if (!apart) plan.cases = chosen;
      for (const std::size_t i : chosen) {
        ++cases[i].planned;
        if (!apart) continue;
        plan.cases = {i};
        plans.push_back(plan);
      }
      if (!apart) plans.push_back(std::move(plan));
    }
  }
  return plans;
}

}  // namespace snag::cli
