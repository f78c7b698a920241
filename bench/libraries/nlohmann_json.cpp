// SPDX-License-Identifier: Apache-2.0
// nlohmann::json: a document that both threads read while each parses its text, changes its copy, and writes
// it.
#include <nlohmann/json.hpp>

#include "bench/libraries/two_threads.h"
#include "bench/race/parked_thread.h"
#include "bench/race/rows.h"

namespace {

using nlohmann::json;

json orders(int count) {
  json all = json::array();
  for (int i = 0; i < count; ++i)
    all.push_back({{"id", i},
                   {"customer", "customer " + std::to_string(i % 97)},
                   {"prices", {1.25 * i, 2.5 * i, 3.75}},
                   {"open", i % 3 == 0}});
  return all;
}

std::uint64_t documents() {
  static const json shared = orders(300);
  static const std::string text = shared.dump();
  std::uint64_t sizes[2] = {};
  rows::in_two([&](int who) {
    for (int round = 0; round < 5; ++round) {
      json mine = json::parse(text);
      for (std::size_t i = 0; i < mine.size(); ++i)
        if (shared[i]["open"]) mine[i]["prices"].push_back(shared[i]["id"]);
      sizes[who] += mine.dump(1).size();
    }
  });
  return sizes[0] + sizes[1];
}

constexpr rows::row all[] = {{"documents", documents}};

}  // namespace

int main(int argc, char** argv) { return rows::run(argc, argv, all, rows::park_thread); }
