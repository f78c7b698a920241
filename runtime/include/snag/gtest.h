// SPDX-License-Identifier: Apache-2.0
#pragma once
// GoogleTest: a test during which the detector finds something fails, with the first lines of the report, and
// each test is a leak_check: what it starts has to have ended when its fixture has.
//
//   int main(int argc, char** argv) {
//     testing::InitGoogleTest(&argc, argv);
//     snag::gtest::install();
//     return RUN_ALL_TESTS();
//   }
//
// or a source file that has <snag/gtest_main.h> and nothing else; or, beside a main that cannot be changed,
//   const bool installed = snag::gtest::install();
//
// A finding that is made again, by another test or in another round of --gtest_repeat, fails that one, too.
// One that does not gate (SNAG_OPTIONS=fail_on) fails nothing. A race is the fault of the test during which
// it is found, as in Go. What SetUpTestSuite or an environment starts belongs to no test. Death tests: the
// child has none of its parent's goroutines, and none of this happens there. Without a detector it does
// nothing.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "snag/findings.h"
#include "snag/leak_check.h"

namespace snag::gtest {

struct options {
  bool leaks = true;                                 // each test is a leak_check
  std::chrono::nanoseconds patience{1'000'000'000};  // see leak_check_options
  std::vector<std::string> ignore = {};
  unsigned lines = 20;  // of each report
};

class listener : public ::testing::EmptyTestEventListener {
 public:
  explicit listener(options how = {}) : how_(std::move(how)) {}

  void OnTestStart(const ::testing::TestInfo& test) override {
    before_ = counts();
    const std::string name = std::string(test.test_suite_name()) + "." + test.name();
    set_current_test(name);
    if (!how_.leaks) return;
    check_.emplace(leak_check_options{.name = name.c_str(),
                                      .patience = how_.patience,
                                      .ignore = how_.ignore,
                                      .file = test.file(),
                                      .line = test.line()});
  }

  void OnTestEnd(const ::testing::TestInfo& test) override {
    leak_list leaks;
    if (check_) leaks = check_->finish();
    check_.reset();
    set_current_test({});
    for (const finding& f : findings()) {
      const auto known = before_.find(f.fingerprint);
      if (!f.gates || (known != before_.end() && known->second == f.count)) continue;
      const std::string* text = &f.text;
      for (const leak& l : leaks)
        if (l.fingerprint == f.fingerprint) text = &l.text;  // as it was here
      ADD_FAILURE_AT(test.file(), test.line()) << f.kind << " detected during execution of test\n"
                                               << head_of(*text);
    }
  }

 private:
  static std::map<std::string, std::uint64_t> counts() {
    std::map<std::string, std::uint64_t> all;
    for (const finding& f : findings()) all[f.fingerprint] = f.count;
    return all;
  }
  std::string head_of(const std::string& text) const {
    std::size_t end = 0;
    for (unsigned n = 0; n < how_.lines && end < text.size(); ++n) end = text.find('\n', end) + 1;
    return text.substr(0, end) + (end < text.size() ? "…\n" : "");
  }

  const options how_;
  std::map<std::string, std::uint64_t> before_;
  std::optional<leak_check> check_;
};

// Adds a listener, once; true.
inline bool install(options how = {}) {
  static const bool added = [&] {
    ::testing::UnitTest::GetInstance()->listeners().Append(new listener(std::move(how)));
    return true;
  }();
  return added;
}

}  // namespace snag::gtest
