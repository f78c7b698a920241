// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a report goes: a file, which takes its place only when it is whole, or standard output.
#include <fstream>
#include <ostream>
#include <string>

namespace snag::cli {

class output_file {
 public:
  explicit output_file(std::string path);  // empty or "-": standard output. Throws failure
  ~output_file();                          // not finished: nothing is left behind
  output_file(const output_file&) = delete;
  output_file& operator=(const output_file&) = delete;

  std::ostream& stream();
  // Everything was written and is there. Throws failure, for a full disk or a closed pipe.
  void finish();

 private:
  const std::string path_;
  std::string temporary_;  // empty: written in place (a device, a pipe)
  std::ofstream file_;
};

}  // namespace snag::cli
