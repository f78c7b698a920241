// SPDX-License-Identifier: Apache-2.0
// A static object's destructor joins its thread, and then looks at what that did.
// verdict: clean 20/20
#include <cstdlib>
#include <thread>

class recorder {
 public:
  recorder() : thread_([this] { records = 3; }) {}
  ~recorder() {
    thread_.join();
    const bool wrong = records != 3;
    if (wrong) std::abort();
  }
  int records = 0;

 private:
  std::thread thread_;
};

recorder all;

int main() { return 0; }
