// SPDX-License-Identifier: Apache-2.0
// Many readers share the lock, and each counts its hit in an atomic member.
// verdict: clean 20/20
#include <atomic>
#include <map>
#include <shared_mutex>
#include <thread>

class dictionary {
 public:
  int look_up(int word) const {
    std::shared_lock hold(m_);
    hits++;
    return words_.at(word);
  }
  mutable std::atomic<int> hits = 0;

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
  return seen[0] + seen[1] != 30 || d.hits != 2;
}
