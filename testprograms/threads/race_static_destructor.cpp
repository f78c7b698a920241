// SPDX-License-Identifier: Apache-2.0
// A static object's destructor looks at what its thread did before it has joined it.
// verdict: race 20/20
// race: records
#include <cstdlib>
#include <thread>

class recorder {
 public:
  recorder() : thread_([this] { records = 3; }) {}  // <- 1
  ~recorder() {
    const bool wrong = records > 3;  // <- 2
    thread_.join();
    if (wrong) std::abort();
  }
  int records = 0;

 private:
  std::thread thread_;
};

recorder all;

int main() { return 0; }
