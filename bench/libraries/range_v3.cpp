// SPDX-License-Identifier: Apache-2.0
// range-v3: two threads send a common vector through views and actions.
#include <range/v3/action/sort.hpp>
#include <range/v3/action/unique.hpp>
#include <range/v3/numeric/accumulate.hpp>
#include <range/v3/range/conversion.hpp>
#include <range/v3/view/chunk.hpp>
#include <range/v3/view/filter.hpp>
#include <range/v3/view/sliding.hpp>
#include <range/v3/view/transform.hpp>
#include <range/v3/view/zip.hpp>
#include <vector>

#include "bench/libraries/two_threads.h"
#include "bench/race/parked_thread.h"
#include "bench/race/rows.h"

namespace {

std::vector<std::uint64_t> numbers(std::size_t count) {
  rows::xorshift random(11);
  std::vector<std::uint64_t> all(count);
  for (std::uint64_t& n : all) n = random() % 100'000;
  return all;
}

std::uint64_t pipelines() {
  static const std::vector<std::uint64_t> shared = numbers(50'000);
  std::uint64_t sums[2] = {};
  rows::in_two([&](int who) {
    using namespace ranges;
    const auto mine = [who](std::uint64_t n) { return n % 2 == static_cast<std::uint64_t>(who); };
    for (int round = 0; round < 8; ++round) {
      auto chosen = shared | views::filter(mine) | to<std::vector>;
      chosen |= actions::sort | actions::unique;
      for (auto&& [a, b] : views::zip(chosen, shared)) sums[who] += a ^ b;
      for (auto&& window : chosen | views::sliding(4)) sums[who] += accumulate(window, std::uint64_t{0});
      sums[who] += accumulate(shared | views::chunk(16) |
                                  views::transform([](auto&& c) { return accumulate(c, std::uint64_t{0}); }),
                              std::uint64_t{0});
    }
  });
  return sums[0] + sums[1];
}

constexpr rows::row all[] = {{"pipelines", pipelines}};

}  // namespace

int main(int argc, char** argv) { return rows::run(argc, argv, all, rows::park_thread); }
