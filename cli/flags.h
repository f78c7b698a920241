// SPDX-License-Identifier: Apache-2.0
#pragma once
// Snag's own flags among clang's: `snag run -race -O2 --seed 7 x.cpp -- 1 2`. CLI11 declares, parses and
// documents ours; it never sees clang's, whose syntax it would take for its own.
#include <CLI/CLI.hpp>
#include <chrono>
#include <optional>

#include "cli/subcommand.h"

namespace snag::cli {

struct command_words {
  arguments own;      // Snag's flags with their values, -race written --race
  arguments clang;    // everything else before "--", in order
  arguments program;  // what follows "--"
};

// The usage line in place of CLI11's own, which cannot know of clang's options.
void set_usage(CLI::App& app, const std::string& line);

// `app` declares Snag's flags; they may stand anywhere before "--".
command_words separate(const CLI::App& app, const arguments&);

// Parses Snag's flags into what `app` is bound to. False: --help was asked for and has been printed. Throws
// failure, in one line, for a wrong value.
bool parse(CLI::App& app, const arguments& own);

// The value of --timeout: "90s", "2m", "500ms", seconds without a unit; nothing for 0, which is for ever.
std::optional<std::chrono::milliseconds> time_limit(const std::string& text);

}  // namespace snag::cli
