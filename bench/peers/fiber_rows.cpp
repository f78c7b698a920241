// SPDX-License-Identifier: Apache-2.0
// The rows for boost.fiber: round-robin on one thread, work stealing on two. Its channels close by status;
// its unbuffered_channel is the rendezvous, its buffered_channel wants a power of two.
#include <boost/fiber/all.hpp>
#include <memory>
#include <thread>

#include "rows.h"

namespace {

namespace fibers = boost::fibers;
namespace peers = snag::peers;

struct api {
  static constexpr bool light = true;
  static constexpr bool counts = false;

  template <class T>
  struct channel_of {
    explicit channel_of(int capacity) {
      if (capacity == 0)
        rendezvous = std::make_shared<fibers::unbuffered_channel<T>>();
      else
        buffered = std::make_shared<fibers::buffered_channel<T>>(static_cast<std::size_t>(capacity));
    }
    void send(T v) const { buffered ? buffered->push(v) : rendezvous->push(v); }
    bool receive(T& v) const {
      return (buffered ? buffered->pop(v) : rendezvous->pop(v)) == fibers::channel_op_status::success;
    }
    void close() const { buffered ? buffered->close() : rendezvous->close(); }
    std::shared_ptr<fibers::unbuffered_channel<T>> rendezvous;
    std::shared_ptr<fibers::buffered_channel<T>> buffered;
  };
  using channel = channel_of<int>;
  using long_channel = channel_of<long>;
  using mutex = fibers::mutex;

  using wait_group = peers::locked_count<fibers::mutex, fibers::condition_variable>;

  template <class F>
  static void go(F&& f) {
    fibers::fiber(fibers::launch::post, std::forward<F>(f)).detach();
  }
  static void yield() { boost::this_fiber::yield(); }
  // Fibers that wait for ever would keep the scheduler from ending.
  [[noreturn]] static void abandon() { std::_Exit(0); }
};

}  // namespace

int main(int argc, char** argv) {
  const int workers = argc > 1 ? std::atoi(argv[1]) : 1;
  if (workers > 1) {
    for (int i = 1; i < workers; ++i)
      std::thread([workers] {
        fibers::use_scheduling_algorithm<fibers::algo::work_stealing>(static_cast<std::uint32_t>(workers),
                                                                      true);
        fibers::mutex never;
        fibers::condition_variable_any condition;
        std::unique_lock lock(never);
        condition.wait(lock, [] { return false; });
      }).detach();
    fibers::use_scheduling_algorithm<fibers::algo::work_stealing>(static_cast<std::uint32_t>(workers), true);
  }
  const int status = peers::run(peers::common_rows<api>(), argc, argv);
  std::fflush(stdout);
  std::_Exit(status);
}
