// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many workers a program gets that does not say: the CPUs it may run on, or fewer if its cgroup is
// limited to less of their time (a container). Read once, at start. Semantics: Go 1.25, runtime.GOMAXPROCS.
#include <optional>
#include <string>

namespace snag::detail {

int default_procs() noexcept;

// A limit below two counts as two, and a part of a CPU as a whole one.
int procs_within(int cpus, std::optional<double> limit) noexcept;

// CPUs' worth of time, of the cgroup that the process itself is in (not of those above it); none: no limit,
// no cgroup, or not understood. `root` stands before every path that is read: a test's own /proc and /sys.
std::optional<double> cgroup_cpu_limit(const std::string& root);

}  // namespace snag::detail
