// SPDX-License-Identifier: Apache-2.0
// Runs the generated programs it is linked with, each under the schedule it brings along, and prints what
// each came to, in the words of the generator's file `expected`.
#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

#include "tests/generated/backend.h"
#include "tests/generated/driver.h"
#include "tests/generated/program.h"

extern "C" const driver::program __start_generated_programs[], __stop_generated_programs[];

namespace snag::generated {
namespace {

struct region {
  int variable;
  std::size_t bytes;
};

struct running_program {
  const char* schedule;
  std::unique_ptr<backend> seen = make_backend();
  std::map<std::uintptr_t, region> names = {};
  outcome result = {};
  threads all{*seen, [this](const std::vector<int>&) {
                if (*schedule == '\0') give_up("the schedule is over, and threads are left");
                return *schedule++ - 'a';
              }};

  std::pair<int, int> name_of(std::uintptr_t address) const {
    auto after = names.upper_bound(address);
    if (after == names.begin()) return {-1, 0};
    const auto& [begin, what] = *--after;
    if (address >= begin + what.bytes) return {-1, 0};
    return {what.variable, static_cast<int>(address - begin)};
  }
};

running_program* now = nullptr;

outcome run(const driver::program& p) {
  running_program program{p.schedule};
  now = &program;
  program.all.run(p.run);
  if (*program.schedule != '\0') give_up("all threads have ended before the schedule has");
  for (const std::uintptr_t address : program.seen->finish())
    program.result.racy.insert(program.name_of(address));
  now = nullptr;
  return program.result;
}

}  // namespace
}  // namespace snag::generated

namespace driver {

using snag::generated::now;

void variable(int number, const void* at, std::size_t bytes) {
  now->names[reinterpret_cast<std::uintptr_t>(at)] = {number, bytes};
}
int start(void (*run)(void*), void* argument, bool joinable) {
  return now->all.start([=] { run(argument); }, joinable);
}
void turn() { now->all.turn(); }
void await(int thread) { now->all.await(thread); }
void join(int thread) { now->all.join(thread); }
void lock(int mutex) { now->all.lock(mutex); }
void unlock(int mutex) { now->all.unlock(mutex); }
void done(int group) { now->all.done(group); }
void wait(int group, int members) { now->all.wait(group, members); }
void result(u64 read) { now->result.sum += read * static_cast<u64>(2 * now->all.current() + 1); }

}  // namespace driver

int main() {
  std::vector<driver::program> programs(__start_generated_programs, __stop_generated_programs);
  std::sort(programs.begin(), programs.end(), [](auto& a, auto& b) { return a.seed < b.seed; });
  for (const driver::program& p : programs)
    std::puts(snag::generated::to_string(p.seed, snag::generated::run(p)).c_str());
}
