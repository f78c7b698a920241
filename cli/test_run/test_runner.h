// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs plans, some at once, and gives every case of theirs a verdict.
//
// A GoogleTest program runs many cases in one process, and says on its output which it is at. If it ends
// before it has run them all, the one that it was at has crashed (or taken too long), and the rest go on in a
// new process: one bad test costs its own verdict, not those behind it.
#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>

#include "cli/process.h"
#include "cli/runtime_options.h"
#include "cli/test_run/found.h"
#include "cli/test_run/googletest_output.h"
#include "cli/test_run/test_plan.h"
#include "cli/test_run/test_process.h"

namespace snag::cli {

// Who watches a run: what is on the screen, mostly.
class run_observer {
 public:
  virtual ~run_observer() = default;
  virtual void started(const test_case&, const process_plan&) = 0;
  // `output`: what it printed; null: that was told already, the verdict alone is another one.
  virtual void ended(const test_case&, const process_plan&, verdict, std::chrono::milliseconds,
                     const std::string& detail, const captured_output* output) = 0;
  virtual void say(const std::string& line) = 0;
  virtual void tick() = 0;  // a few times a second
};

struct run_settings {
  std::size_t jobs = 1;
  std::optional<std::chrono::milliseconds> timeout;  // of a test without one of its own
  runtime_options options;                           // ours, in SNAG_OPTIONS
  std::filesystem::path scratch;                     // for what programs write
  std::vector<std::string> unset;                    // variables that tests do not get
};

class test_runner {
 public:
  test_runner(signal_guard&, run_settings, const std::vector<test_program>&, std::vector<test_case>&,
              run_observer&, const finding_collector&);
  ~test_runner();

  // The signal that interrupted it; 0: it came to its end.
  int run(std::deque<process_plan>);

 private:
  struct active;

  bool start_one();
  bool may_start(const test_program&) const;
  void start(const process_plan&);
  void wait_for_something();
  void on_signals();
  void on_output(active&);
  void on_event(active&, const googletest_event&);
  void on_end(active&);
  void end_googletest(active&, const std::vector<found>&);
  void end_plain(active&, const std::vector<found>&);
  void attribute(active&, const std::vector<found>&);
  void record(active&, std::size_t number, verdict, const std::string& detail, bool told);
  void give_up(const process_plan&, verdict, const std::string& detail);
  std::size_t outside_of_tests(std::size_t program);
  void end_orphans();

  signal_guard& guard_;
  const run_settings settings_;
  const std::vector<test_program>& programs_;
  std::vector<test_case>& cases_;
  run_observer& observer_;
  const finding_collector& collect_;

  std::deque<process_plan> waiting_;
  std::list<active> active_;
  std::vector<std::size_t> unfinished_;  // plans of each program that have not ended
  std::set<std::size_t> failed_;         // programs that others may need
  std::map<std::size_t, std::size_t> outside_;
  std::uint64_t started_ = 0;
  int signals_ = -1;
  int interrupted_by_ = 0;
};

}  // namespace snag::cli
