// SPDX-License-Identifier: Apache-2.0
#include "cli/test_run/collected_findings.h"

#include <fmt/format.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/failure.h"

namespace snag::cli {
namespace {

namespace fs = std::filesystem;

// A document among what a program printed, or nothing: where it cannot write a file, it prints it.
std::string document_in(const std::string& output) {
  const std::size_t schema = output.rfind("\"schema\": \"snag-findings/");
  if (schema == std::string::npos) return "";
  const std::size_t begin = output.rfind('{', schema), end = output.find("\n}\n", schema);
  if (begin == std::string::npos || end == std::string::npos) return "";
  return output.substr(begin, end + 2 - begin);
}

}  // namespace

bool collected_findings::has_gating() const {
  return std::any_of(report_.findings.begin(), report_.findings.end(),
                     [&](const auto& entry) { return gates(entry.second); });
}

void collected_findings::add(report&& of_process, const std::string& test, found_in_process& result) {
  result.any_document = true;
  if (!test.empty()) attribute(of_process, test);
  for (const auto& [fingerprint, f] : of_process.findings)
    result.findings.push_back({fingerprint, gates(f), {f.tests.begin(), f.tests.end()}});
  merge(report_, std::move(of_process));
}

found_in_process collected_findings::take(const fs::path& directory, const std::string& test,
                                          const std::string& output) {
  found_in_process result;
  std::vector<fs::path> documents;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error))
    // FILE.PID: one process under several names of programs (exec).
    if (entry.path().filename().string().find(".json") != std::string::npos &&
        entry.path().filename().string().find(".tmp.") == std::string::npos)
      documents.push_back(entry.path());
  std::sort(documents.begin(), documents.end());
  for (const fs::path& document : documents) try {
      add(read_report(document), test, result);
    } catch (const failure& unreadable) {
      result.problems.push_back(fmt::format("what it found is lost in part: {}", unreadable.what()));
    }
  if (!result.any_document && result.problems.empty())
    if (const std::string printed = document_in(output); !printed.empty()) try {
        std::istringstream text(printed);
        add(read_report(text, "what it printed"), test, result);
      } catch (const failure& unreadable) {
        result.problems.push_back(fmt::format("what it found is lost: {}", unreadable.what()));
      }
  return result;
}

const report& collected_findings::with_tests(const std::vector<test_program>& programs,
                                             const std::vector<test_case>& cases, const shard& part) {
  report& result = report_;
  result.tests.clear();
  if (!part.whole()) result.shards = shard_set{part.total, {{part.index + 1, ""}}};
  for (const test_case& c : cases) {
    if (c.planned == 0 && c.runs == 0) continue;
    test_result t;
    t.name = c.name;
    t.binary = programs[c.program].label;
    t.ended = c.runs < c.planned ? worse(c.worst, verdict::unstarted) : c.worst;
    t.milliseconds = static_cast<std::uint64_t>(c.spent.count());
    t.seed = c.seed;
    if (t.ended != verdict::unstarted) t.status = c.status;
    t.findings = c.findings;
    if (is_bad(t.ended))
      t.output_excerpt = c.detail.empty() ? c.excerpt : fmt::format("{}\n{}", c.detail, c.excerpt);
    result.tests.push_back(std::move(t));
  }
  std::sort(result.tests.begin(), result.tests.end(),
            [](const auto& a, const auto& b) { return a.key() < b.key(); });
  return result;
}

void write_report_file(const std::string& path, const report& r) {
  const std::string temporary = fmt::format("{}.tmp.{}", path, getpid());
  const auto give_up = [&](int error) {
    unlink(temporary.c_str());
    throw internal_error(fmt::format("the report cannot be written to {}: {}", path, strerror(error)));
  };
  errno = 0;
  std::ofstream out(temporary, std::ios::binary);
  if (!out) give_up(errno);
  write_report(out, r);
  out.close();
  if (!out) give_up(errno != 0 ? errno : EIO);
  if (rename(temporary.c_str(), path.c_str()) != 0) give_up(errno);
}

}  // namespace snag::cli
