// SPDX-License-Identifier: Apache-2.0
// snag report: reads what programs and tests wrote, merges, filters, compares with a baseline, shows, gates.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>

#include "cli/failure.h"
#include "cli/flags.h"
#include "cli/gate.h"
#include "cli/output_file.h"
#include "cli/packed_size.h"
#include "cli/report_inputs.h"
#include "cli/report_view.h"
#include "cli/source_files.h"
#include "cli/subcommand.h"

namespace snag::cli {
namespace {

struct report_flags {
  std::vector<std::string> inputs;
  std::string format, output;
  std::vector<std::string> kinds, rules, fingerprints, tests;
  gate_flags gate;
  std::string write_baseline, owner, reason, expires, today, prefix;
};

struct format {
  std::string_view name, extension;
  void (*render)(std::ostream&, const report_view&);
};

void render_json(std::ostream& out, const report_view& v) { write_report(out, *v.whole); }

constexpr std::array formats = {
    format{"text", ".txt", render_text},     format{"json", ".json", render_json},
    format{"sarif", ".sarif", render_sarif}, format{"junit", ".xml", render_junit},
    format{"github", "", render_github},     format{"gitlab", "", render_gitlab},
    format{"html", ".html", render_html},    format{"markdown", ".md", render_markdown},
};

std::set<std::string> format_names() {
  std::set<std::string> out;
  for (const format& f : formats) out.emplace(f.name);
  return out;
}

const format& chosen_format(const report_flags& flags) {
  for (const format& f : formats)
    if (flags.format.empty() ? !f.extension.empty() && flags.output.ends_with(f.extension)
                             : f.name == flags.format)
      return f;
  return formats[0];
}

std::string is_day(const std::string& text) {
  return day_of(text) ? "" : text + " is no day such as 2026-12-31";
}

void declare(CLI::App& app, report_flags& flags) {
  set_usage(app, "snag report [--format FORMAT] [-o FILE] [flags] FILE|FOLDER…");
  app.add_option(
         "inputs", flags.inputs,
         "What programs wrote with --format json --log-path FILE, or snag test; folders: each .json in them; "
         "-: standard input")
      ->required()
      ->type_name("FILE|FOLDER");
  app.add_option(
         "--format", flags.format,
         "text, json, sarif, junit, github (annotations), markdown, gitlab (code quality), html. Default: by "
         "FILE's name, else text")
      ->check(CLI::IsMember(format_names()))
      ->type_name("FORMAT");
  app.add_option("-o,--output", flags.output, "Write there instead of standard output")->type_name("FILE");
  app.add_option("--kind", flags.kinds, "These kinds of findings alone: race, deadlock, leak, misuse, panic")
      ->delimiter(',')
      ->check(CLI::IsMember({"race", "deadlock", "leak", "misuse", "panic"}))
      ->type_name("KINDS");
  app.add_option("--rule", flags.rules, "These rules alone: data-race, …")
      ->delimiter(',')
      ->type_name("RULES");
  app.add_option("--fingerprint,--only", flags.fingerprints, "The findings whose fingerprint begins so")
      ->delimiter(',')
      ->type_name("F");
  app.add_option("--test", flags.tests, "Findings of the tests whose name contains this")->type_name("TEXT");
  declare_gate(app, flags.gate);
  app.add_option("--write-baseline", flags.write_baseline,
                 "Write the findings that would gate to this baseline; those that it has keep owner, reason "
                 "and expiry")
      ->type_name("FILE");
  app.add_option("--owner", flags.owner, "Of the baseline's new entries")->type_name("NAME");
  app.add_option("--reason", flags.reason, "Of the baseline's new entries")->type_name("TEXT");
  app.add_option("--expires", flags.expires,
                 "The first day on which the baseline's new entries count no more")
      ->check(is_day)
      ->type_name("YYYY-MM-DD");
  app.add_option("--today", flags.today, "Entries expire as if this were the day")
      ->check(is_day)
      ->type_name("YYYY-MM-DD");
  app.add_option("--strip-prefix", flags.prefix,
                 "Cut this off the front of source paths. Default: the current folder")
      ->type_name("FOLDER");
  app.footer(
      "Exit status: 66 if a finding gates that no baseline covers; else 75 if shards are missing or tests "
      "were\n"
      "not started; else 1 if a test failed; else 0. 64 wrong usage, or a file that cannot be read or "
      "written;\n"
      "70 snag itself failed. More: docs/gate.md.");
}

bool any_of(const std::vector<std::string>& wanted, const auto& fits) {
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), fits);
}

void filter(report& r, const report_flags& flags) {
  std::erase_if(r.findings, [&](const auto& at) {
    const kept_finding& f = at.second;
    const bool kept =
        any_of(flags.kinds, [&](const auto& k) { return k == f.kind; }) &&
        any_of(flags.rules, [&](const auto& rule) { return rule == f.rule; }) &&
        any_of(flags.fingerprints, [&](const auto& p) { return f.fingerprint.starts_with(p); }) &&
        any_of(flags.tests, [&](const auto& text) {
          return std::any_of(f.tests.begin(), f.tests.end(),
                             [&](const auto& t) { return t.find(text) != t.npos; });
        });
    return !kept;
  });
}

bool filters(const report_flags& flags) {
  return !flags.kinds.empty() || !flags.rules.empty() || !flags.fingerprints.empty() || !flags.tests.empty();
}

int write_new_baseline(const report& r, const report_flags& flags, day today) {
  if (r.shards && !r.shards->missing().empty())
    throw failure(
        exit_incomplete,
        fmt::format(
            "shards are missing: a baseline without what they find would drop its entries; merge all {}",
            r.shards->total));
  if (filters(flags)) throw usage_error("--write-baseline takes all findings: leave the filters out");
  baseline before;
  std::error_code error;
  const std::string& old = flags.gate.baseline.empty() ? flags.write_baseline : flags.gate.baseline;
  if (!flags.gate.baseline.empty() || std::filesystem::exists(old, error)) before = read_baseline(old);
  std::vector<const kept_finding*> gating;
  for (const kept_finding* f : in_order(r))
    if (flags.gate.fails_on(*f)) gating.push_back(f);
  const baseline after = updated(before, gating, {flags.owner, flags.reason, day_of(flags.expires)}, today);
  output_file out(flags.write_baseline);
  out.stream() << written(after);
  out.finish();
  const baseline_index known(before);
  const auto is_old = std::count_if(gating.begin(), gating.end(),
                                    [&](const auto* f) { return known.entry_for(*f) != nullptr; });
  fmt::print(stderr, "snag: {} has {} entries now: {} new, {} known before; {} were dropped or replaced\n",
             flags.write_baseline, after.entries.size(),
             after.entries.size() - static_cast<std::size_t>(is_old), is_old,
             std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(before.entries.size()) - is_old));
  return exit_success;
}

// What GitHub does not take or show.
void warn_of_limits(const report_view& v, std::size_t packed) {
  constexpr std::size_t shown = 5'000, runs = 20;
  if (v.findings.size() > shown)
    fmt::print(stderr, "snag: the SARIF has all {} results{}; GitHub shows the first {} of a run\n",
               v.findings.size(),
               v.findings.size() > sarif_results
                   ? fmt::format(", in {} runs", (v.findings.size() + sarif_results - 1) / sarif_results)
                   : "",
               shown);
  if (v.findings.size() > sarif_results * runs || packed > sarif_bytes)
    fmt::print(stderr,
               "snag: GitHub will refuse the SARIF: it has {:.1f} MB compressed, and 10 MB in 20 runs are "
               "taken; upload parts of it (--kind, --rule, --fingerprint 0, …)\n",
               static_cast<double>(packed) / 1e6);
}

void write(const report_view& v, const report_flags& flags) {
  const format& f = chosen_format(flags);
  output_file out(flags.output);
  if (f.name == "sarif") {
    packed_size counting(*out.stream().rdbuf());
    std::ostream stream(&counting);
    f.render(stream, v);
    if (!stream) out.stream().setstate(std::ios::badbit);
    warn_of_limits(v, counting.finish());
  } else {
    f.render(out.stream(), v);
  }
  out.finish();
  if (f.name == "text" && (flags.output.empty() || flags.output == "-")) return;
  for (const std::string& note : v.notes) fmt::print(stderr, "snag: {}\n", note);
  fmt::print(stderr, "snag: {} finding{}: {} fail the gate, {} told only, {} known\n", v.findings.size(),
             v.findings.size() == 1 ? "" : "s", v.count(standing::gating), v.count(standing::told),
             v.count(standing::known));
}

}  // namespace

int report_command(const arguments& words) {
  report_flags flags;
  CLI::App app("Merges what was found, filters, compares with a baseline, and shows it in a format",
               "report");
  declare(app, flags);
  if (!parse(app, words)) return exit_success;
  check_gate(flags.gate);
  const day now = flags.today.empty() ? today() : *day_of(flags.today);

  std::vector<std::string> notes;
  report all = read_inputs(flags.inputs, notes);
  if (!flags.write_baseline.empty()) {
    for (const std::string& note : notes) fmt::print(stderr, "snag: {}\n", note);
    return write_new_baseline(all, flags, now);
  }
  std::optional<baseline> known;
  if (!flags.gate.baseline.empty()) known = read_baseline(flags.gate.baseline);
  report_view v = judge(all, flags.gate, known ? &*known : nullptr, now);
  if (filters(flags)) {  // after the baseline was looked through, or its entries would seem unused
    std::vector<std::string> said = std::move(v.notes);
    filter(all, flags);
    v = judge(all, flags.gate, known ? &*known : nullptr, now);
    v.notes = std::move(said);
  }
  v.notes.insert(v.notes.begin(), notes.begin(), notes.end());
  std::error_code error;
  const std::string here = std::filesystem::current_path(error).string();
  v.prefix = flags.prefix.empty() ? here : flags.prefix;
  if (!v.prefix.ends_with('/')) v.prefix += '/';
  source_files files(here);
  v.source = [&](const std::string& file, std::uint32_t line, std::string& text) {
    return files.line(file, line, text);
  };
  write(v, flags);
  return gate_status(v, flags.gate);
}

}  // namespace snag::cli
