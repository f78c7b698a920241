// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs conformance_program, one scenario a process, and answers what it printed on standard error and how it
// ended.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <vector>

namespace snag::test {

struct outcome {
  std::string err;
  int status = -1;  // of exit; 128 + n: killed by signal n
};

inline outcome run_program(const char* program, const std::string& scenario,
                           const std::string& environment = "") {
  int ends[2];
  if (pipe(ends) != 0) return {"no pipe", -1};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  std::string argument0 = program, argument1 = scenario, variable = environment;
  char* arguments[] = {argument0.data(), argument1.data(), nullptr};
  std::vector<char*> variables;
  for (char** v = environ; *v != nullptr; ++v)
    if (std::strncmp(*v, "SNAG_OPTIONS=", 13) != 0 && std::strncmp(*v, "GOTRACEBACK=", 12) != 0)
      variables.push_back(*v);
  if (!variable.empty()) variables.push_back(variable.data());
  variables.push_back(nullptr);
  pid_t child = -1;
  const int error = posix_spawn(&child, program, &actions, nullptr, arguments, variables.data());
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    return {std::strerror(error), -1};
  }
  outcome result;
  char buffer[4096];
  for (ssize_t n; (n = read(ends[0], buffer, sizeof buffer)) > 0;)
    result.err.append(buffer, static_cast<std::size_t>(n));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

#ifdef CONFORMANCE_PROGRAM
inline outcome run(const std::string& scenario, const std::string& options = "") {
  return run_program(CONFORMANCE_PROGRAM, scenario, "SNAG_OPTIONS=" + options);
}

// Under work stealing and under each of the seeds: standard error matches and the status is as said.
template <class Matcher>
void expect_on_every_schedule(const std::string& scenario, const Matcher& err, int status,
                              const std::string& options = "", int seeds = 50) {
  for (int seed = 0; seed <= seeds && !testing::Test::HasFailure(); ++seed) {
    const std::string all = (seed == 0 ? "" : "seed=" + std::to_string(seed) + " ") + options;
    SCOPED_TRACE(scenario + " with SNAG_OPTIONS='" + all + "'");
    const outcome o = run(scenario, all);
    EXPECT_THAT(o.err, err);
    EXPECT_EQ(o.status, status) << o.err;
  }
}

// The same for a program that dies with this message, status 2. The stack after it is looked at twice only:
// reading debug information takes a hundred times as long as all the rest.
inline void expect_death(const std::string& scenario, const std::string& message, int seeds = 50) {
  for (const char* options : {"", "seed=1"}) {
    const outcome o = run(scenario, options);
    EXPECT_THAT(o.err, testing::StartsWith(message + "\n\ngoroutine ")) << scenario;
    EXPECT_EQ(o.status, 2) << scenario;
  }
  expect_on_every_schedule(scenario, message + "\n", 2, "traceback=none", seeds);
}
#endif

}  // namespace snag::test
