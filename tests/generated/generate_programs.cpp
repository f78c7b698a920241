// SPDX-License-Identifier: Apache-2.0
// generate_programs FIRST LAST DIRECTORY: writes the programs of the seeds FIRST … LAST, twenty-five to a
// file, and to DIRECTORY/expected what each has to come to.
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "tests/generated/program.h"

int main(int argc, char** argv) {
  using namespace snag::generated;
  if (argc != 4) {
    std::cerr << "usage: generate_programs FIRST LAST DIRECTORY\n";
    return 64;
  }
  constexpr std::uint64_t programs_per_file = 25;
  const std::uint64_t first = std::strtoull(argv[1], nullptr, 10), last = std::strtoull(argv[2], nullptr, 10);
  const std::string directory = argv[3];
  std::ofstream expected(directory + "/expected"), source;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    if ((seed - first) % programs_per_file == 0) {
      source = std::ofstream(directory + "/programs_" + std::to_string(seed) + ".cpp");
      source << "// SPDX-License-Identifier: Apache-2.0\n#include \"driver.h\"\nusing namespace driver;\n";
    }
    const program p = generate(seed);
    std::string schedule;
    expected << to_string(seed, interpret(p, schedule)) << '\n';
    source << source_of(p, schedule);
  }
  return expected.good() && source.good() ? 0 : 1;
}
