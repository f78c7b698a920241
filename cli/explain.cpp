// SPDX-License-Identifier: Apache-2.0
// snag explain: a rule in full, or the list of rules.
#include <fmt/format.h>

#include <algorithm>

#include "cli/failure.h"
#include "cli/flags.h"
#include "cli/rules.h"
#include "cli/spelling.h"
#include "cli/subcommand.h"

namespace snag::cli {
namespace {

std::string indented(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    result += fmt::format("    {}\n", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

}  // namespace

int explain(const arguments& words) {
  arguments asked;
  CLI::App app("Tells what a finding means: why it is one, with an example, and how to mend it.", "explain");
  set_usage(app, "snag explain [RULE]");
  app.add_option(
         "rule", asked,
         "The rule that a report names (in brackets, or \"rule\" in JSON); without one, all are listed")
      ->type_name("RULE");
  app.footer("The same as pages: docs/rules.");
  if (!parse(app, words)) return exit_success;
  if (asked.empty()) {
    for (const rule& r : rules()) fmt::print("{:<28} {}\n", r.name, r.title);
    return exit_success;
  }
  if (asked.size() > 1) throw usage_error("snag explain takes one rule");
  for (const rule& r : rules())
    if (r.name == asked[0]) {
      fmt::print("{}: {}\n\n{}\n\nExample:\n\n{}\nWhat to do:\n\n{}\n", r.name, r.title, r.meaning,
                 indented(r.example), r.mending);
      if (!r.unseen.empty()) fmt::print("\nNot reported:\n\n{}\n", r.unseen);
      return exit_success;
    }
  std::vector<std::string_view> names;
  for (const rule& r : rules()) names.push_back(r.name);
  throw usage_error(fmt::format("there is no rule '{}'{} (there are: {})", asked[0],
                                suggestion(asked[0], names), fmt::join(names, ", ")));
}

}  // namespace snag::cli
