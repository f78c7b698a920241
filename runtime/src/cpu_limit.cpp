// SPDX-License-Identifier: Apache-2.0
// The formats: cgroups(7), proc_pid_mountinfo(5), and the kernel's cgroup-v1/cpu and cgroup-v2 documentation.
#include "runtime/src/cpu_limit.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace snag::detail {
namespace {

std::string contents(const std::string& path) {
  std::string text;
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return text;
  char block[4096];
  for (ssize_t n; (n = read(file, block, sizeof block)) > 0;) text.append(block, static_cast<std::size_t>(n));
  close(file);
  return text;
}

// Up to the separator, which goes too; all of it if there is none.
std::string_view cut(std::string_view& rest, std::string_view separator) noexcept {
  const std::size_t at = rest.find(separator);
  const std::string_view piece = rest.substr(0, at);
  rest = at == rest.npos ? std::string_view() : rest.substr(at + separator.size());
  return piece;
}

bool lists_cpu(std::string_view list) noexcept {
  while (!list.empty()) {
    if (cut(list, ",") == "cpu") return true;
  }
  return false;
}

std::optional<std::int64_t> number(std::string_view text) noexcept {
  std::int64_t n;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return n;
}

struct membership {
  std::string_view path;  // within its hierarchy; empty: none
  bool version_1 = false;
};

// Lines of hierarchy:controllers:path. The CPU controller is that of version 1 where there is one.
membership own_cgroup(std::string_view text) noexcept {
  membership found;
  while (!text.empty()) {
    std::string_view path = cut(text, "\n");
    const std::string_view hierarchy = cut(path, ":"), controllers = cut(path, ":");
    if (!path.starts_with('/')) continue;
    if (hierarchy == "0") {
      found.path = path;
    } else if (lists_cpu(controllers)) {
      return {path, true};
    }
  }
  return found;
}

// In mountinfo, blanks and backslashes are \ and three octal digits.
std::string unescaped(std::string_view text) {
  const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && std::ranges::all_of(text.substr(i + 1, 3), is_octal)) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool is_within(std::string_view path, std::string_view folder) noexcept {
  return folder == "/" ||
         (path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/'));
}

// Where the cgroup is in the file system; empty: it cannot be reached.
std::string folder_of(const membership& cgroup, std::string_view mounts) {
  while (!mounts.empty()) {
    std::string_view line = cut(mounts, "\n");
    for (int i = 0; i < 3; ++i) cut(line, " ");  // ids and device
    const std::string root = unescaped(cut(line, " "));
    const std::string_view mounted_on = cut(line, " ");
    cut(line, " - ");  // options
    const std::string_view type = cut(line, " ");
    cut(line, " ");  // source
    if (type != (cgroup.version_1 ? "cgroup" : "cgroup2") || (cgroup.version_1 && !lists_cpu(line))) continue;
    if (!is_within(cgroup.path, root)) continue;
    std::string_view below = cgroup.path.substr(root == "/" ? 0 : root.size());
    if (below == "/") below = {};
    if (is_within(below, "/..")) continue;  // outside of the cgroup namespace, and of this mount
    return unescaped(mounted_on).append(below);
  }
  return {};
}

std::optional<double> quotient(std::string_view quota, std::string_view period) noexcept {
  const std::optional<std::int64_t> time = number(quota), of = number(period);
  if (!time || !of || *time < 0 || *of <= 0) return std::nullopt;  // -1: no limit
  return static_cast<double>(*time) / static_cast<double>(*of);
}

}  // namespace

std::optional<double> cgroup_cpu_limit(const std::string& root) {
  const std::string cgroups = contents(root + "/proc/self/cgroup");
  const membership cgroup = own_cgroup(cgroups);
  if (cgroup.path.empty()) return std::nullopt;
  const std::string found = folder_of(cgroup, contents(root + "/proc/self/mountinfo"));
  if (found.empty()) return std::nullopt;
  const std::string folder = root + found;
  if (!cgroup.version_1) {
    const std::string text = contents(folder + "/cpu.max");
    std::string_view period = text;
    const std::string_view quota = cut(period, " ");  // or "max"
    return quotient(quota, cut(period, "\n"));
  }
  const std::string quota_text = contents(folder + "/cpu.cfs_quota_us");
  const std::string period_text = contents(folder + "/cpu.cfs_period_us");
  std::string_view quota = quota_text, period = period_text;
  return quotient(cut(quota, "\n"), cut(period, "\n"));
}

int procs_within(int cpus, std::optional<double> limit) noexcept {
  if (!limit) return cpus;
  return static_cast<int>(std::min<double>(cpus, std::max(2.0, std::ceil(*limit))));
}

int default_procs() noexcept {
  cpu_set_t set;
  const int cpus = sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
  return cpus <= 2 ? cpus : procs_within(cpus, cgroup_cpu_limit(""));  // no limit counts for less than two
}

}  // namespace snag::detail
