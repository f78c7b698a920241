// SPDX-License-Identifier: Apache-2.0
#pragma once
// The subcommands: one file each, one line each in the table that main dispatches on and help lists.
#include <string>
#include <vector>

namespace snag::cli {

using arguments = std::vector<std::string>;

struct subcommand {
  const char* name;
  const char* usage;             // what follows the name
  const char* summary;           // one line for `snag --help`
  int (*run)(const arguments&);  // the exit status; throws failure
};

int run(const arguments&);
int build(const arguments&);
int compile_cxx(const arguments&);  // as clang++; does not return where clang takes over
int compile_c(const arguments&);    // as clang
int print_flags(const arguments&);
int test(const arguments&);
int explain(const arguments&);
int graph(const arguments&);
int report_command(const arguments&);
int vet(const arguments&);
int doctor(const arguments&);
int version(const arguments&);

}  // namespace snag::cli
