// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about where variables live: on another goroutine's stack, in memory that was
// somebody else's before, side by side in one block, or in a buffer that is filled again
// (src/runtime/race/testdata/mop_test.go).
#include <fcntl.h>
#include <snag/snag.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <span>
#include <sstream>

#include "../case.h"
#include "accesses.h"

using cases::use;

namespace {

class open_file {
 public:
  explicit open_file(const char* path) : descriptor_(open(path, O_RDONLY | O_CLOEXEC)) {}
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  ~open_file() { close(descriptor_); }
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

// The answer is where the goroutine goes on to write after the return.
std::shared_ptr<int> answer_that_changes(const snag::wait_group& other) {
  auto answer = std::make_shared<int>(0);
  other.go([answer] { *answer = 42; });  // <- 1
  return answer;
}

[[clang::no_sanitize("thread")]] void end_here_unchecked() { snag::goexit(); }

}  // namespace

RACE(TestRaceTLS) {
  snag::chan<int*> places;
  snag::chan<void> finished;
  snag::wait_group both;
  both.go([&] {
    int x = 0;
    places << &x;
    x = 1;  // <- 1
    finished.recv();
  });
  both.go([&] {
    int* const theirs = places.recv();
    use(*theirs);  // <- 2
    finished.send();
  });
  both.wait();
}

// What one goroutine gives back another gets, without a word between the two.
NO_RACE(TestNoRaceHeapReallocation) {
  snag::wait_group all;
  for (int i = 0; i < 4; ++i) {
    all.go([] {
      for (int round = 0; round < 1000; ++round) {
        const auto small = std::make_unique<std::array<int, 10>>();
        (*small)[3] = round;
        use(small.get());
        const auto large = std::make_unique<std::array<int, 3000>>();
        (*large)[2000] = round;
        use(large.get());
        if (round % 100 == 0) snag::yield();
      }
    });
  }
  all.wait();
}

RACE(TestRaceHeapParam) {
  const snag::wait_group other;
  const std::shared_ptr<int> answer = answer_that_changes(other);
  use(*answer);  // <- 2
  other.wait();
}

// Bytes side by side in one block, each written by who asked for it.
NO_RACE(TestNoRaceTinyAlloc) {
  constexpr int workers = 4, rounds = 20'000;
  std::pmr::monotonic_buffer_resource block(workers * rounds);
  snag::mutex m;
  const auto make = [&] {
    const std::lock_guard hold(m);
    return static_cast<char*>(block.allocate(1, 1));
  };
  snag::wait_group all;
  for (int i = 0; i < workers; ++i) {
    all.go([&] {
      for (int round = 0; round < rounds; ++round) {
        char* const mine = make();
        *mine = char(round);
        const auto own = std::make_unique<char>(*mine);
        *own += 1;
        use(*own);
      }
    });
  }
  all.wait();
}

// Goroutines that end unchecked leave nothing to those that come after them.
NO_RACE(TestNoRaceIssue60934) {
  snag::chan<void> start;
  snag::wait_group unchecked;
  for (int i = 0; i < 32; ++i) {
    unchecked.go([&] {
      start.recv();
      end_here_unchecked();
    });
  }
  start.close();
  unchecked.wait();

  int x = 0;
  snag::chan<void> written;
  snag::wait_group both;
  both.go([&] {
    x = 1;
    written.send();
  });
  both.go([&] {
    written.recv();
    use(x);
  });
  both.wait();
}

// A buffer goes on to the consumer, and is filled again meanwhile.
RACE(TestRaceIssue5567) {
  const open_file in("/proc/self/exe");
  std::array<char, 64> buffer;
  snag::chan<std::span<char>> parts;
  snag::wait_group producer;
  producer.go([&] {
    for (int i = 0; i < 3; ++i) {
      const auto length = read(in.descriptor(), buffer.data(), buffer.size());  // <- 1
      parts << std::span(buffer).first(length);
    }
    parts.close();
  });
  for (const std::span<char> part : parts) use(part[7]);  // <- 2
  producer.wait();
}

RACE(TestRaceIssue51618) {
  const open_file in("/proc/self/exe");
  std::array<char, 64> buffer;
  snag::chan<std::span<char>> parts;
  snag::wait_group producer;
  producer.go([&] {
    for (int i = 0; i < 3; ++i) {
      const auto length = pread(in.descriptor(), buffer.data(), buffer.size(), 64 * i);  // <- 1
      parts << std::span(buffer).first(length);
    }
    parts.close();
  });
  for (const std::span<char> part : parts) use(part[7]);  // <- 2
  producer.wait();
}

RACE(TestRaceIssue5654) {
  std::istringstream in("a text of three parts");
  std::array<char, 7> buffer;
  snag::chan<std::span<char>> parts;
  snag::wait_group producer;
  producer.go([&] {
    while (in.read(buffer.data(), buffer.size())) parts << std::span(buffer);  // <- 1
    parts.close();
  });
  for (const std::span<char> part : parts) use(part[3]);  // <- 2
  producer.wait();
}
