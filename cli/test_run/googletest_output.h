// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a GoogleTest program says on its output about the case it is at, while it runs. Its own reports (XML,
// JSON) come at its end, so that a crash takes them along.
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace snag::cli {

struct googletest_event {
  enum kind { started, passed, failed, skipped } what;
  std::size_t number;  // of the case, in the list that was given
  std::size_t end;     // how many bytes of what was fed belong to it and those before
};

class googletest_output {
 public:
  // Others that a test may print, of a program of its own, say, mean nothing.
  explicit googletest_output(const std::vector<std::string>& cases);
  std::vector<googletest_event> feed(std::string_view bytes);

 private:
  void look_at(std::string_view line, std::size_t end, std::vector<googletest_event>&);

  std::unordered_map<std::string, std::size_t> numbers_;
  std::string line_;  // that is not complete yet; of a very long one, its end
};

// The cases in what --gtest_list_tests prints, disabled ones left out unless `with_disabled`.
std::vector<std::string> listed_cases(std::string_view output, bool with_disabled);

}  // namespace snag::cli
