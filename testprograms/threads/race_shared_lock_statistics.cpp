// SPDX-License-Identifier: Apache-2.0
// Many readers share the lock, and each counts its hit in a plain member.
// verdict: race 20/20
// race: hits
#include <atomic>
#include <map>
#include <shared_mutex>
#include <thread>

class dictionary {
 public:
  int look_up(int word) const {
    std::shared_lock hold(m_);
    hits++;  // <- 1 2
    return words_.at(word);
  }
  mutable int hits = 0;

 private:
  mutable std::shared_mutex m_;
  std::map<int, int> words_ = {{1, 10}, {2, 20}};
};

int main() {
  dictionary d;
  int seen[2] = {};
  std::thread a([&] { seen[0] = d.look_up(1); }), b([&] { seen[1] = d.look_up(2); });
  a.join();
  b.join();
  return seen[0] + seen[1] != 30;
}
