// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about pools, about finalizers and cleanups, whose counterparts here are the
// deleters of smart pointers that another goroutine runs, and about what went wrong once
// (src/runtime/race/testdata/pool_test.go, finalizer_test.go, regression_test.go).
#include <snag/snag.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "../case.h"

using namespace std::chrono_literals;

using bytes = std::array<char, 10>;

RACE(TestRacePool, "an object that is put back and still used has another user") {
  for (int round = 0; round < 10; ++round) {
    snag::pool<std::shared_ptr<bytes>> pool([] { return std::make_shared<bytes>(); });
    const std::shared_ptr<bytes> mine = pool.get();
    (*mine)[0] = 1;
    pool.put(mine);
    snag::wait_group other;
    other.go([&] {
      const std::shared_ptr<bytes> yours = pool.get();
      (*yours)[0] = 2;  // <- 1
    });
    (*mine)[0] = 3;  // <- 2
    other.wait();
  }
}

// The sleep gives the other goroutine time to put the object back. It is right without, too.
NO_RACE(TestNoRacePool, "what is done to an object before it is put back comes before who gets it") {
  for (int round = 0; round < 10; ++round) {
    snag::pool<std::unique_ptr<bytes>> pool([] { return std::make_unique<bytes>(); });
    std::unique_ptr<bytes> mine = pool.get();
    (*mine)[0] = 1;
    pool.put(std::move(mine));
    snag::wait_group other;
    other.go([&] {
      std::unique_ptr<bytes> yours = pool.get();
      (*yours)[0] = 2;
      pool.put(std::move(yours));
    });
    snag::sleep_for(100ms);
    mine = pool.get();
    (*mine)[0] = 3;
    other.wait();
  }
}

NO_RACE(TestNoRaceFin, "the deleter comes after every owner's last use") {
  snag::wait_group owner;
  std::shared_ptr<std::string> text(new std::string, [](std::string* last) {
    *last = "deleted";
    delete last;
  });
  owner.go([text]() mutable {
    *text = "used";
    text.reset();
  });
  text.reset();
  owner.wait();
}

static snag::mutex deletions_lock;
static int deletions = 0;

static void count_deletion() {
  const std::lock_guard lock(deletions_lock);
  deletions += 1;
}

NO_RACE(TestNoRaceFinGlobal, "a deleter and another goroutine share a lock") {
  std::shared_ptr<std::string> text(new std::string, [](std::string* last) {
    count_deletion();
    delete last;
  });
  snag::wait_group owner;
  owner.go([text = std::move(text)]() mutable { text.reset(); });
  count_deletion();
  owner.wait();
}

RACE(TestRaceFin, "what else a deleter writes is not ordered by the deletion") {
  int x = 0;
  std::shared_ptr<std::string> text(new std::string, [&](std::string* last) {
    x = 42;  // <- 1
    delete last;
  });
  snag::wait_group owner;
  owner.go([text = std::move(text)]() mutable { text.reset(); });
  x = 66;  // <- 2
  owner.wait();
}

NO_RACE(TestNoRaceCleanup, "a deleter writes what it was given") {
  snag::chan<std::shared_ptr<int>> dropped;
  snag::wait_group cleaner;
  cleaner.go([&] { dropped.recv(); });
  const auto note = std::make_shared<std::string>();
  std::shared_ptr<int> number(new int(0), [note](int* last) {
    *note = "cleaned up";
    delete last;
  });
  *note = "in use";
  dropped << std::move(number);
  cleaner.wait();
}

RACE(TestRaceBetweenCleanups, "two deleters that two goroutines run write one variable") {
  int shared = 0;
  const auto clean_up = [&](int* last) {
    shared = 1;  // <- 1 2
    delete last;
  };
  snag::wait_group owners;
  for (int i = 0; i < 2; ++i) {
    std::shared_ptr<int> number(new int(i), clean_up);
    owners.go([number = std::move(number)]() mutable { number.reset(); });
  }
  owners.wait();
}

RACE(TestRaceUnaddressableMapLen, "one asks how many elements a map in a map has, another inserts one") {
  std::map<int, std::map<int, int>> maps;
  maps[0] = {};
  std::size_t size = 0;
  snag::wait_group reader;
  reader.go([&] { size = maps.at(0).size(); });  // <- 1
  maps.at(0)[0] = 1;                             // <- 2
  reader.wait();
}

struct stack {
  std::vector<int> values;
  void push(int value) { values.push_back(value); }
  int pop() {
    const int value = values.back();
    values.pop_back();
    return value;
  }
};

NO_RACE(TestNoRaceStackPushPop, "a goroutine that has a pointer and does nothing with it") {
  stack s;
  snag::wait_group idle;
  idle.go([](stack*) {}, &s);
  s.push(1);
  s.pop();
  idle.wait();
}

struct call_channel {
  snag::chan<bool> results;
};
static int channels_made = 0;

[[gnu::noinline]] static std::shared_ptr<call_channel> make_channel() {
  channels_made += 1;
  const auto made = std::make_shared<call_channel>(call_channel{snag::chan<bool>(1)});
  made->results << true;
  return made;
}

NO_RACE(TestNoRaceRpcChan, "a channel that a function answers is asked for once") {
  const bool result = make_channel()->results.recv();
  if (!result || channels_made != 1) std::abort();
}

struct two_results {
  int a = 0, b = 0;
  std::string text;  // so that the result is not copied out of registers
};

// The result lives in the caller's place from the beginning: it has a name there, and is not copied.
[[gnu::noinline]] static two_results answer_early(const snag::wait_group& reader) {
  two_results result;
  result.a = 42;
  result.b = 10;
  reader.go([&result] { [[maybe_unused]] volatile int seen = result.a; });
  return result;
}

NO_RACE(TestNoRaceReturn, "returning a variable with a name does not write it") {
  const snag::wait_group reader;
  const two_results result = answer_early(reader);
  reader.wait();
}

struct flag {
  bool set;
};
struct shape {
  virtual ~shape() = default;
  virtual std::unique_ptr<flag> make_flag() const = 0;
};
struct square : shape {
  std::unique_ptr<flag> make_flag() const override { return std::make_unique<flag>(flag{false}); }
};

NO_RACE(TestNoRaceForInfiniteLoop, "the condition of a loop converts to a base and calls it") {
  square s;
  while (static_cast<const shape&>(s).make_flag()->set) {
  }
}
