// SPDX-License-Identifier: Apache-2.0
// snag graph: draws who waits for whom, of the deadlocks and leaks in a JSON report.
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/failure.h"
#include "cli/flags.h"
#include "cli/subcommand.h"
#include "cli/wait_graph.h"

namespace snag::cli {
namespace {

struct graph_flags {
  std::string findings, format, output, only;
};

std::string read(const std::string& path) {
  if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream in(path, std::ios::binary);
  std::string all{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw usage_error(fmt::format("{} cannot be read: {}", path, std::strerror(errno)));
  return all;
}

void write(const std::string& path, const std::string& all) {
  if (path.empty() || path == "-") {
    std::cout << all << std::flush;
    if (!std::cout) throw internal_error("standard output cannot be written");
    return;
  }
  std::ofstream out(path, std::ios::binary);
  out << all << std::flush;
  if (!out) throw usage_error(fmt::format("{} cannot be written: {}", path, std::strerror(errno)));
}

}  // namespace

int graph(const arguments& words) {
  graph_flags flags;
  CLI::App app("Draws who waits for whom, of the deadlocks and leaks in a report", "graph");
  set_usage(app, "snag graph [--format svg|dot] [-o FILE] [--only FINGERPRINT] FINDINGS.json");
  app.add_option("findings", flags.findings,
                 "What a program wrote with --format json --log-path FILE; -: standard input")
      ->required()
      ->type_name("FINDINGS.json");
  app.add_option("--format", flags.format,
                 "svg: a picture; dot: for Graphviz. Default: by FILE's name, else svg")
      ->check(CLI::IsMember({"svg", "dot"}))
      ->type_name("FORMAT");
  app.add_option("-o,--output", flags.output, "Write there instead of standard output")->type_name("FILE");
  app.add_option("--only", flags.only, "Draw this finding alone")->type_name("FINGERPRINT");
  if (!parse(app, words)) return exit_success;
  std::vector<wait_graph> graphs = read_wait_graphs(read(flags.findings), flags.findings);
  if (!flags.only.empty()) std::erase_if(graphs, [&](const auto& g) { return g.fingerprint != flags.only; });
  if (graphs.empty()) {
    fmt::print(stderr, "snag: nothing to draw: {} has no {}\n", flags.findings,
               flags.only.empty() ? "deadlock or leak" : "such deadlock or leak");
    return exit_success;
  }
  const bool dot = flags.format.empty() ? flags.output.ends_with(".dot") : flags.format == "dot";
  write(flags.output, dot ? draw_dot(graphs) : draw_svg(graphs));
  return exit_success;
}

}  // namespace snag::cli
