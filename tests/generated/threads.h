// SPDX-License-Identifier: Apache-2.0
#pragma once
// Logical threads that take turns on one OS thread, each on a stack of its own, and what they may wait for.
// Who goes on is the schedule's to say, so a run is its schedule's alone. The generator's interpreter (which
// makes the schedule up) and the compiled programs (which follow it) run on the same threads, so both wait
// alike.
#include <boost/context/fiber.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace snag::generated {

// Who is told what orders the threads. Objects are mutexes (from 0) and groups (from first_group).
inline constexpr int first_group = 100;
class listener {
 public:
  virtual ~listener() = default;
  virtual void started(int thread, std::byte* low, std::byte* high) {}
  virtual void created(int child, int parent, bool joinable) = 0;
  virtual void switched(int from, int to) {}
  virtual void ended(int thread) = 0;
  virtual void joined(int thread, int ended) = 0;
  virtual void acquired(int thread, int object) = 0;
  virtual void released(int thread, int object) = 0;
  virtual void released_merging(int thread, int object) = 0;
};

class threads {
 public:
  using chooser = std::function<int(const std::vector<int>& ready)>;
  threads(listener&, chooser);
  ~threads();

  void run(std::function<void()> first);  // until all have ended; thread 0 is the first

  // --- For the thread that runs.
  int current() const { return current_; }
  int start(std::function<void()> body, bool joinable);
  void turn();
  void await(int thread);
  void join(int thread);
  void lock(int mutex);
  void unlock(int mutex);
  void done(int group);
  void wait(int group, int members);

 private:
  struct thread;
  void wait_until(std::function<bool()> ready);

  listener& told_;
  const chooser choose_;
  std::vector<std::unique_ptr<thread>> all_;
  boost::context::fiber scheduler_;
  int current_ = 0;
  std::map<int, bool> locked_;
  std::map<int, int> members_done_;
};

[[noreturn]] void give_up(const char* why);

}  // namespace snag::generated
