// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is on the screen while tests run: on a terminal one line that is kept up to date, and lines of their
// own for what fails; elsewhere a line for each test. The output of a test that fails is shown, as ctest
// --output-on-failure does.
#include <cstdio>
#include <map>

#include "cli/test_run/test_runner.h"

namespace snag::cli {

std::string duration_text(std::chrono::milliseconds);  // "12 ms", "3.4 s", "2 min 5 s"

class test_progress : public run_observer {
 public:
  test_progress(std::FILE* to, bool terminal, bool verbose, std::uint64_t total);
  ~test_progress() override;

  void started(const test_case&, const process_plan&) override;
  void ended(const test_case&, const process_plan&, verdict, std::chrono::milliseconds,
             const std::string& detail, const captured_output*) override;
  void say(const std::string& line) override;
  void tick() override;
  void finish() { clear_line(); }

 private:
  void clear_line();
  void draw();
  std::string called(const test_case&, const process_plan&) const;

  std::FILE* const to_;
  const bool terminal_, verbose_;
  const std::uint64_t total_;
  std::uint64_t ended_ = 0, bad_ = 0;
  std::map<std::string, steady::time_point> running_;
  bool line_is_drawn_ = false;
  steady::time_point drawn_;
};

}  // namespace snag::cli
