// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace snag::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct fixture : testing::Test {
  fixture() {
    app.add_flag("--race", race);
    app.add_option("--seed", seed);
    app.add_option("--fail-on", kinds)->delimiter(',');
  }
  CLI::App app;
  bool race = false;
  std::uint64_t seed = 0;
  std::vector<std::string> kinds;
};
using flags = fixture;

TEST_F(flags, ours_are_taken_from_among_clangs) {
  const command_words w =
      separate(app, {"-race", "-O2", "--seed", "7", "a.cpp", "--fail-on=race,leak", "--", "-race", "x"});
  EXPECT_THAT(w.own, ElementsAre("--race", "--seed", "7", "--fail-on=race,leak"));
  EXPECT_THAT(w.clang, ElementsAre("-O2", "a.cpp"));
  EXPECT_THAT(w.program, ElementsAre("-race", "x"));
  ASSERT_TRUE(parse(app, w.own));
  EXPECT_TRUE(race);
  EXPECT_EQ(seed, 7u);
  EXPECT_THAT(kinds, ElementsAre("race", "leak"));
}

TEST_F(flags, the_value_of_a_clang_option_is_never_ours) {
  const command_words w = separate(app, {"-o", "--race", "-Xclang", "--seed", "a.cpp"});
  EXPECT_THAT(w.own, IsEmpty());
  EXPECT_THAT(w.clang, ElementsAre("-o", "--race", "-Xclang", "--seed", "a.cpp"));
}

TEST_F(flags, clangs_options_that_look_alike_are_clangs) {
  EXPECT_THAT(separate(app, {"-r", "-s", "--seeds", "-fno-race"}).clang,
              ElementsAre("-r", "-s", "--seeds", "-fno-race"));
}

}  // namespace
}  // namespace snag::cli
