// SPDX-License-Identifier: Apache-2.0
#include "runtime/options.h"

#include <gmock/gmock.h>

#include <cstring>
#include <string>
#include <vector>

namespace snag::detail {
namespace {

using ::testing::ElementsAre;

struct parsed {
  std::vector<std::string> pairs;
  std::string bad;
};

parsed parse(const char* text) {
  parsed result;
  std::string copy = text;
  const char* bad = parse_options(
      copy.data(),
      [](void* into, std::size_t key, const char* value) {
        static_cast<std::vector<std::string>*>(into)->push_back(std::string(known_options[key]) + "=" +
                                                                value);
      },
      &result.pairs);
  if (bad != nullptr) result.bad = bad;
  return result;
}

TEST(options, are_separated_by_spaces_or_colons) {
  EXPECT_THAT(parse("seed=7 exitcode=3:log_path=x").pairs, ElementsAre("seed=7", "exitcode=3", "log_path=x"));
  EXPECT_THAT(parse("  :seed=1:  ").pairs, ElementsAre("seed=1"));
  EXPECT_THAT(parse("").pairs, ElementsAre());
}

TEST(options, a_colon_that_no_key_follows_belongs_to_the_value) {
  EXPECT_THAT(parse("schedule=replay:/tmp/a b=").pairs, ElementsAre("schedule=replay:/tmp/a"));
  EXPECT_THAT(parse("schedule=replay:file:seed=3").pairs, ElementsAre("schedule=replay:file", "seed=3"));
}

TEST(options, quotes_keep_a_value_together) {
  EXPECT_THAT(parse("log_path='a b:seed=1' seed=2").pairs, ElementsAre("log_path=a b:seed=1", "seed=2"));
  EXPECT_THAT(parse("log_path=\"x y\"").pairs, ElementsAre("log_path=x y"));
}

TEST(options, unknown_keys_and_open_quotes_are_refused) {
  EXPECT_EQ(parse("sede=1").bad, "sede=1");
  EXPECT_EQ(parse("seed=1:color=red").bad, "color=red");
  EXPECT_EQ(parse("seed").bad, "seed");
  EXPECT_EQ(parse("log_path='open").bad, "log_path='open");
}

}  // namespace
}  // namespace snag::detail
