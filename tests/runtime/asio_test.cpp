// SPDX-License-Identifier: Apache-2.0
// Boost.Asio's operations as calls: results, errors, cancellation, and who waits while they are under way.
#include "snag/asio.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/runtime/every_schedule.h"

namespace snag {
namespace {

using boost::asio::buffer;
using boost::asio::steady_timer;
using boost::asio::ip::tcp;
using boost::system::error_code;
using std::chrono::hours;
using std::chrono::milliseconds;
namespace error = boost::asio::error;
namespace asio = boost::asio;
using local = asio::local::stream_protocol;
using test::on_every_schedule;

// A connected pair of sockets.
struct wire {
  local::socket a{io_context()}, b{io_context()};
  wire() { asio::local::connect_pair(a, b); }
};

error_code error_of(auto&& f) {
  try {
    f();
  } catch (const boost::system::system_error& e) {
    return e.code();
  }
  return {};
}

// An operation with any result, completed from a thread of its own.
template <class Signature, class... Values>
auto complete_elsewhere(use_goroutine_t token, Values... values) {
  return asio::async_initiate<use_goroutine_t, Signature>(
      [](auto handler, Values... v) {
        std::thread([h = std::move(handler), ... v = std::move(v)]() mutable {
          h(std::move(v)...);
        }).detach();
      },
      token, std::move(values)...);
}

TEST(asio, a_read_waits_for_the_write) {
  on_every_schedule([] {
    wire w;
    std::string order;
    wait_group done;
    done.go([&] {
      char c = 0;
      EXPECT_EQ(w.a.async_read_some(buffer(&c, 1), use_goroutine), 1u);
      EXPECT_EQ(c, 'x');
      order += 'r';
    });
    done.go([&] {
      yield();
      order += 'w';
      EXPECT_EQ(w.b.async_write_some(buffer("x", 1), use_goroutine), 1u);
    });
    done.wait();
    EXPECT_EQ(order, "wr");
  });
}

TEST(asio, an_error_is_thrown) {
  on_every_schedule([] {
    wire w;
    w.b.close();
    char c;
    EXPECT_EQ(error_of([&] { w.a.async_read_some(buffer(&c, 1), use_goroutine); }), error::eof);
  });
}

TEST(asio, an_error_goes_to_the_error_code_that_was_given) {
  wire w;
  char c = 'x';
  error_code ec = error::fault;
  EXPECT_EQ(w.b.async_write_some(buffer(&c, 1), use_goroutine[ec]), 1u);
  EXPECT_FALSE(ec) << "success clears it";
  w.b.close();
  EXPECT_EQ(w.a.async_read_some(buffer(&c, 1), use_goroutine[ec]), 1u);
  EXPECT_EQ(w.a.async_read_some(buffer(&c, 1), use_goroutine[ec]), 0u);
  EXPECT_EQ(ec, error::eof);
}

TEST(asio, composed_operations_move_everything) {
  on_every_schedule(
      [] {
        wire w;
        const std::string sent(1 << 20, 's');  // far more than the socket holds
        std::string received(sent.size(), '\0');
        wait_group done;
        done.go([&] { EXPECT_EQ(asio::async_write(w.a, buffer(sent), use_goroutine), sent.size()); });
        done.go([&] { EXPECT_EQ(asio::async_read(w.b, buffer(received), use_goroutine), sent.size()); });
        done.wait();
        EXPECT_EQ(received, sent);
      },
      10, 10);
}

TEST(asio, read_until_finds_lines) {
  wire w;
  asio::async_write(w.a, buffer("one\ntwo\n", 8), use_goroutine);
  std::string text;
  EXPECT_EQ(asio::async_read_until(w.b, asio::dynamic_buffer(text), '\n', use_goroutine), 4u);
  EXPECT_EQ(text.substr(0, 4), "one\n");
}

TEST(asio, results_may_be_move_only_and_without_default_constructor) {
  struct number {
    explicit number(int v) : value(v) {}
    number(number&&) = default;
    int value;
  };
  EXPECT_EQ(*complete_elsewhere<void(std::unique_ptr<int>)>(use_goroutine, std::make_unique<int>(7)), 7);
  EXPECT_EQ((complete_elsewhere<void(error_code, number)>(use_goroutine, error_code(), number(8)).value), 8);
  const auto [a, b] = complete_elsewhere<void(error_code, int, std::string)>(use_goroutine, error_code(), 1,
                                                                             std::string("two"));
  EXPECT_EQ(a, 1);
  EXPECT_EQ(b, "two");
  complete_elsewhere<void()>(use_goroutine);
}

TEST(asio, an_exception_pointer_is_thrown) {
  const auto broken = std::make_exception_ptr(std::runtime_error("broken"));
  EXPECT_THROW((complete_elsewhere<void(std::exception_ptr, int)>(use_goroutine, broken, 1)),
               std::runtime_error);
  EXPECT_EQ((complete_elsewhere<void(std::exception_ptr, int)>(use_goroutine, std::exception_ptr(), 1)), 1);
}

TEST(asio, adapters_of_tokens_work) {
  wire w;
  w.b.close();
  char c;
  const auto [ec, n] = w.a.async_read_some(buffer(&c, 1), asio::as_tuple(use_goroutine));
  EXPECT_EQ(ec, error::eof);
  EXPECT_EQ(n, 0u);
}

TEST(asio, an_operation_whose_handler_is_dropped_is_aborted) {
  const auto dropped = [] {
    asio::async_initiate<const use_goroutine_t, void(error_code)>(
        [](auto handler) { auto gone = std::move(handler); }, use_goroutine);
  };
  EXPECT_EQ(error_of(dropped), error::operation_aborted);
}

TEST(asio, a_context_cancels_the_operation) {
  on_every_schedule([] {
    wire w;
    auto [ctx, cancel] = with_cancel(context::background());
    wait_group done;
    done.go([&, ctx = ctx] {
      char c;
      EXPECT_EQ(error_of([&] { w.a.async_read_some(buffer(&c, 1), use_goroutine(ctx)); }),
                error::operation_aborted);
    });
    yield();
    cancel();
    done.wait();
  });
}

TEST(asio, a_cancelled_context_cancels_at_once_and_composed_operations_too) {
  auto [ctx, cancel] = with_cancel(context::background());
  cancel();
  wire w;
  std::string text(10, ' ');
  error_code ec;
  asio::async_read(w.a, buffer(text), use_goroutine.with(ctx)[ec]);
  EXPECT_EQ(ec, error::operation_aborted);
}

TEST(asio, a_timeout_cancels_the_operation) {
  on_every_schedule(
      [] {
        wire w;
        auto [ctx, cancel] = with_timeout(context::background(), milliseconds(2));
        char c;
        EXPECT_EQ(error_of([&] { w.a.async_read_some(buffer(&c, 1), use_goroutine(ctx)); }),
                  error::operation_aborted);
        EXPECT_EQ(ctx.err(), context::deadline_exceeded);
      },
      10, 5);
}

TEST(asio, cancelling_races_with_completion_harmlessly) {
  on_every_schedule(
      [] {
        for (int i = 0; i < 20; ++i) {
          wire w;
          auto [ctx, cancel] = with_cancel(context::background());
          wait_group done;
          done.go([&, ctx = ctx] {
            char c;
            error_code ec;
            const std::size_t n = w.a.async_read_some(buffer(&c, 1), use_goroutine(ctx)[ec]);
            EXPECT_TRUE((n == 1 && !ec) || (n == 0 && ec == error::operation_aborted)) << n << ec;
          });
          done.go([&] { w.b.async_write_some(buffer("x", 1), use_goroutine); });
          done.go([&] { cancel(); });
          done.wait();
        }
      },
      20, 50);
}

TEST(asio, the_context_of_a_finished_operation_may_be_cancelled) {
  auto [ctx, cancel] = with_cancel(context::background());
  steady_timer timer(io_context(), milliseconds(0));
  timer.async_wait(use_goroutine(ctx));
  cancel();
}

TEST(asio, timers_wait) {
  on_every_schedule(
      [] {
        const auto start = std::chrono::steady_clock::now();
        steady_timer timer(io_context(), milliseconds(3));
        timer.async_wait(use_goroutine);
        EXPECT_GE(std::chrono::steady_clock::now() - start, milliseconds(3));
      },
      5, 5);
}

TEST(asio, signals_are_waited_for) {
  asio::signal_set signals(io_context(), SIGUSR1);
  go([] { kill(getpid(), SIGUSR1); });
  EXPECT_EQ(signals.async_wait(use_goroutine), SIGUSR1);
}

TEST(asio, names_are_resolved_and_connected_to) {
  tcp::acceptor acceptor(io_context(), {asio::ip::make_address("127.0.0.1"), 0});
  wait_group done;
  done.go([&] {
    tcp::socket peer = acceptor.async_accept(use_goroutine);
    asio::async_write(peer, buffer("hello", 5), use_goroutine);
  });
  tcp::resolver resolver(io_context());
  const auto found =
      resolver.async_resolve("127.0.0.1", std::to_string(acceptor.local_endpoint().port()), use_goroutine);
  tcp::socket socket(io_context());
  EXPECT_EQ(asio::async_connect(socket, found, use_goroutine), acceptor.local_endpoint());
  std::string text(5, ' ');
  asio::async_read(socket, buffer(text), use_goroutine);
  EXPECT_EQ(text, "hello");
  done.wait();
}

TEST(asio, files_are_read_without_keeping_a_worker) {
  char path[] = "/tmp/snag_asio_XXXXXX";
  const int fd = mkstemp(path);
  ASSERT_GE(fd, 0);
  EXPECT_EQ(blocking([&] { return write(fd, "text", 4); }), 4);
  std::array<char, 8> text{};
  EXPECT_EQ(blocking([&] { return pread(fd, text.data(), text.size(), 0); }), 4);
  close(fd), unlink(path);
}

TEST(asio, a_loop_of_the_users_works_too) {
  asio::io_context mine;
  auto guard = asio::make_work_guard(mine);
  std::thread runner([&] { mine.run(); });
  {
    local::socket a{mine}, b{mine};
    asio::local::connect_pair(a, b);
    go([&] { b.async_write_some(buffer("x", 1), use_goroutine); });
    char c;
    EXPECT_EQ(a.async_read_some(buffer(&c, 1), use_goroutine), 1u);
    auto [ctx, cancel] = with_timeout(context::background(), milliseconds(1));
    EXPECT_EQ(error_of([&] { a.async_read_some(buffer(&c, 1), use_goroutine(ctx)); }),
              error::operation_aborted);
  }
  guard.reset();
  runner.join();
}

TEST(asio, a_foreign_thread_may_wait_as_well) {
  wire w;
  std::thread reader([&] {
    char c;
    EXPECT_EQ(w.a.async_read_some(buffer(&c, 1), use_goroutine), 1u);
  });
  w.b.async_write_some(buffer("x", 1), use_goroutine);
  reader.join();
}

TEST(asio, goroutines_resume_on_workers_and_handlers_cannot_wait) {
  chan<std::string> said(1);
  asio::post(io_context(), [&] {
    steady_timer timer(io_context(), milliseconds(0));
    said.send(test::panic_of([&] { timer.async_wait(use_goroutine); }));
  });
  EXPECT_EQ(said.recv(), "a handler on the thread of snag::io_context() must not wait: start a goroutine");
  steady_timer timer(io_context(), milliseconds(1));
  timer.async_wait(use_goroutine);
  EXPECT_FALSE(detail::on_io_thread());
}

TEST(asio, plain_handlers_may_send_and_are_waited_for) {
  for (int i = 0; i < 200; ++i) {
    chan<int> c(1);
    asio::post(io_context(), [=]() mutable { c.send(1); });
    EXPECT_EQ(c.recv(), 1) << "everybody is asleep, but for a handler that is under way";
  }
}

TEST(asio, the_child_of_a_fork_has_a_loop_of_its_own) {
  io_context();
  const pid_t child = fork();
  if (child == 0) {
    wire w;
    char c = 0;
    go([&] { w.b.async_write_some(buffer("x", 1), use_goroutine); });
    w.a.async_read_some(buffer(&c, 1), use_goroutine);
    _exit(c == 'x' ? 0 : 1);
  }
  int status = -1;
  EXPECT_EQ(blocking([&] { return waitpid(child, &status, 0); }), child);
  EXPECT_EQ(status, 0);
}

// --- What the scheduler makes of it.

TEST(asio, virtual_time_waits_for_input) {
  simulate(schedule::random(1), [] {
    wire w;
    const auto before = clock::now();
    go([&] {
      sleep_for(milliseconds(5));
      w.b.async_write_some(buffer("x", 1), use_goroutine);
    });
    auto [ctx, cancel] = with_timeout(context::background(), hours(1));
    char c;
    EXPECT_EQ(w.a.async_read_some(buffer(&c, 1), use_goroutine(ctx)), 1u);
    EXPECT_LT(clock::now() - before, hours(1));
  });
}

TEST(asio, a_ticker_does_not_keep_virtual_time_from_waiting) {
  simulate(schedule::random(1), [] {
    ticker t(milliseconds(1));
    wait_group done;
    bool read = false;
    wire w;
    done.go([&] {
      char c;
      w.a.async_read_some(buffer(&c, 1), use_goroutine);
      read = true;
    });
    std::thread([&] { asio::write(w.b, buffer("x", 1)); }).join();
    int ticks = 0;
    while (!read) t.c().recv(), ++ticks;
    EXPECT_LT(ticks, 100'000);
    done.wait();
  });
}

using asio_DeathTest = testing::Test;

TEST(asio_DeathTest, waiting_for_nothing_but_input_is_no_deadlock) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        wire w;
        alarm(1);  // its default action ends the process; no thread that could wake anybody is needed
        char c;
        w.a.async_read_some(buffer(&c, 1), use_goroutine);
      },
      testing::KilledBySignal(SIGALRM), "");
}

TEST(asio_DeathTest, a_deadlock_after_the_last_operation_is_reported) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        steady_timer timer(io_context(), milliseconds(1));
        timer.async_wait(use_goroutine);
        chan<int>().recv();
      },
      testing::ExitedWithCode(2), "all goroutines are asleep - deadlock!");
  EXPECT_EXIT(
      {
        asio::post(io_context(), [] {});  // its end, unseen by any goroutine, leaves nobody
        chan<int>(0).recv();
      },
      testing::ExitedWithCode(2), "all goroutines are asleep - deadlock!");
}

TEST(asio_DeathTest, a_deadlock_of_a_simulation_is_reported_after_the_last_operation) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(simulate(schedule::random(1),
                       [] {
                         asio::post(io_context(), [] {});
                         chan<int>(0).recv();
                       }),
              testing::ExitedWithCode(2), "all goroutines are asleep - deadlock!");
}

TEST(asio_DeathTest, dumps_say_what_is_waited_for) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        wire w;
        go([&] {
          while (true) {
            sleep_for(milliseconds(20));
            kill(getpid(), SIGQUIT);
          }
        });
        char c;
        w.a.async_read_some(buffer(&c, 1), use_goroutine);
      },
      testing::ExitedWithCode(2), "goroutine 1 \\[IO wait");
}

}  // namespace
}  // namespace snag
