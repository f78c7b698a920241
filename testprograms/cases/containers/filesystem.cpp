// SPDX-License-Identifier: Apache-2.0
// std::filesystem: paths are strings with parts; an iterator over a directory is shared by its copies.
#include <filesystem>
#include <string>
#include <utility>

#include "sides.h"

namespace fs = std::filesystem;

RACE(path_appended_and_read) {
  fs::path place = "/usr";
  one_after_the_other([&] { place /= "share"; },              // <- 1
                      [&] { keep(place.native().size()); });  // <- 2
}

NO_RACE(path_appended_and_read_locked) {
  fs::path place = "/usr";
  under_one_mutex([&] { place /= "share"; }, [&] { keep(place.native().size()); });
}

NO_RACE(path_appended_and_read_handed_over) {
  fs::path place = "/usr";
  handed_over([&] { place /= "share"; }, [&] { keep(place.filename()); });
}

RACE(path_assigned_and_copied) {
  fs::path place = "/usr";
  const fs::path other = "/a/much/longer/path/than/fits/into/a/string";
  one_after_the_other([&] { place = other; },  // <- 1
                      [&] { keep(place); });   // <- 2
}

RACE(path_concatenated_and_extension) {
  fs::path place = "/usr/readme";
  one_after_the_other([&] { place += ".txt"; },           // <- 1
                      [&] { keep(place.extension()); });  // <- 2
}

RACE(path_file_name_replaced_and_parts_read) {
  fs::path place = "/usr/share/readme";
  one_after_the_other([&] { place.replace_filename("other"); },  // <- 1
                      [&] { read_all(place); });                 // <- 2
}

RACE(path_cleared_and_empty) {
  fs::path place = "/usr";
  side_by_side([&] { place.clear(); },         // <- 1
               [&] { keep(place.empty()); });  // <- 2
}

RACE(path_swapped_and_compared) {
  fs::path place = "/usr", other = "/a/much/longer/path/than/fits/into/a/string";
  one_after_the_other([&] { place.swap(other); },       // <- 1
                      [&] { keep(other == "/usr"); });  // <- 2
}

NO_RACE(path_read_by_two) {
  const fs::path place = "/usr/share/../lib/readme.txt";
  const auto look = [&] {
    keep(place.filename());
    keep(place.parent_path());
    keep(place.lexically_normal());
    read_all(place);
    keep(place / "more");
  };
  side_by_side(look, look);
}

NO_RACE(queries_by_two) {
  const auto look = [] {
    std::error_code problem;
    keep(fs::exists("/usr"));
    keep(fs::is_directory("/usr", problem));
    keep(fs::status("/no such place", problem).type());
    keep(fs::temp_directory_path(problem));
    keep(fs::current_path(problem));
  };
  side_by_side(look, look);
}

NO_RACE(directory_iterated_by_each) {
  const auto count = [] {
    int files = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator("/etc/default"))
      files += entry.is_regular_file();
    keep(files);
  };
  side_by_side(count, count);
}

RACE(directory_iterator_copies, "copies share one place in the directory") {
  fs::directory_iterator at("/etc"), copy = at;
  one_after_the_other([&] { ++at; },                          // <- 1
                      [&] { keep(copy->path().native()); });  // <- 2
}

RACE(directory_entry_assigned_and_read) {
  fs::directory_entry entry(fs::path("/usr"));
  one_after_the_other([&] { entry.assign(fs::path("/etc")); },  // <- 1
                      [&] { keep(entry.path().native()); });    // <- 2
}

RACE(error_code_of_two_calls) {
  std::error_code problem;
  side_by_side([&] { keep(fs::exists("/no such place/at all", problem)); },   // <- 1
               [&] { keep(fs::exists("/no such place/at all", problem)); });  // <- 2
}
