// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `snag vet` found, of all sources together: each finding once, in the order of its place. Pure data and
// text; the edits are the only thing here that touches files.
#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace snag::cli {

struct source_place {
  std::string file;  // absolute
  std::size_t line = 0, column = 0;
  auto operator<=>(const source_place&) const = default;
};

struct source_note {
  source_place place;
  std::string message;
  auto operator<=>(const source_note&) const = default;
};

struct source_edit {
  std::string file;
  std::size_t offset = 0, length = 0;
  std::string text;
  auto operator<=>(const source_edit&) const = default;
};

struct source_finding {
  source_place place;
  std::string rule, message;
  std::vector<source_note> notes;
  std::vector<source_edit> edits;  // all of them mend it, or there are none
  auto operator<=>(const source_finding&) const = default;
};

struct vet_report {
  struct unread {
    std::string file, reason;
  };
  std::set<source_finding> findings;
  std::vector<unread> failed;  // sources that were not checked
  std::size_t sources = 0;     // that were
};

// Adds what snag-vet wrote about one source. Throws failure if that is not its JSON.
void add_findings(vet_report&, const std::string& json);

// As a compiler writes warnings; files below `directory` by their names from there.
std::string render_text(const source_finding&, const std::string& directory);
std::string render_json(const vet_report&);

// Makes the edits of all findings in their files, and takes the mended findings out. Edits that overlap with
// some that were made are left for another time, with all of their finding. Throws failure if a file cannot
// be written.
std::size_t apply_edits(vet_report&);

}  // namespace snag::cli
