// SPDX-License-Identifier: Apache-2.0
// 10,000 connections at once on two workers: an echo server, and its client in a process of its own, since
// both ends would need more descriptors than a process may have. Every connection gets every message back;
// all goroutines wait at once; the number of threads stays what it is with one connection. Exits with 0 if
// so.
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "snag/asio.h"
#include "snag/snag.h"
#include "tests/runtime/thread_count.h"

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using snag::use_goroutine;

constexpr int messages = 4;
// Two workers, the monitor, the thread of the io_context; and spares for workers that a loaded machine leaves
// off their CPUs.
constexpr std::size_t most_threads = 16;

void check(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "echo_program: failed: %s\n", what);
  _exit(1);
}

int connections() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<int>(std::min<rlim_t>(10'000, limit.rlim_cur - 64));
}

// All of n goroutines have come as far as this.
class meeting {
 public:
  explicit meeting(int n) { arrivals_.add(n); }
  void arrive_and_wait() {
    arrivals_.done();
    go_.recv();
  }
  void await_all(int n, const char* who) {
    arrivals_.wait();
    const std::size_t threads = snag::test::thread_count();
    std::printf("%s: %d connections, %lld goroutines, %zu threads\n", who, n,
                static_cast<long long>(snag::num_goroutine()), threads);
    check(snag::num_goroutine() > n, "a goroutine for each connection");
    check(threads <= most_threads, "few threads");
    go_.close();
  }

 private:
  snag::wait_group arrivals_;
  snag::chan<void> go_{0};
};

std::string text(int connection, int round) {
  std::string s = "connection " + std::to_string(connection) + ", message " + std::to_string(round) + " ";
  s.resize(64, '.');
  return s;
}

int client(int port, int n) {
  const tcp::endpoint server(asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port));
  snag::chan<void> connecting(128);  // no more at once than a listening socket keeps for certain
  meeting all_connected(n);
  snag::wait_group done;
  std::atomic<int> right{0};
  for (int i = 0; i < n; ++i)
    done.go([&, i] {
      tcp::socket socket(snag::io_context());
      connecting.send();
      socket.open(tcp::v4());
      // Local addresses differ, so that runs one after the other do not use up the ports.
      socket.set_option(asio::detail::socket_option::boolean<IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT>(true));
      socket.bind({asio::ip::address_v4(0x7f000000u + 2 + static_cast<unsigned>(getpid() + i) % 250), 0});
      socket.async_connect(server, use_goroutine);
      connecting.recv();
      std::string back(64, ' ');
      for (int round = 0; round < messages; ++round) {
        if (round == 1) all_connected.arrive_and_wait();
        const std::string sent = text(i, round);
        asio::async_write(socket, asio::buffer(sent), use_goroutine);
        asio::async_read(socket, asio::buffer(back), use_goroutine);
        if (back == sent) ++right;
      }
    });
  all_connected.await_all(n, "client");
  done.wait();
  check(right == n * messages, "every message came back");
  return 0;
}

void echo(tcp::socket socket, std::atomic<int>& served) {
  char buffer[256];
  boost::system::error_code ec;
  for (;;) {
    const std::size_t n = socket.async_read_some(asio::buffer(buffer), use_goroutine[ec]);
    if (ec) break;
    asio::async_write(socket, asio::buffer(buffer, n), use_goroutine);
    ++served;
  }
  check(ec == asio::error::eof, "the client ended in order");
}

int serve(const char* self, int n) {
  tcp::acceptor acceptor(snag::io_context(), {asio::ip::address_v4::loopback(), 0});
  const std::string port = std::to_string(acceptor.local_endpoint().port()), count = std::to_string(n);
  const char* arguments[] = {self, port.c_str(), count.c_str(), nullptr};
  pid_t child;
  check(posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, const_cast<char**>(arguments), environ) == 0,
        "spawn");
  std::atomic<int> served{0};
  snag::wait_group all;
  for (int i = 0; i < n; ++i)
    all.go([&, socket = acceptor.async_accept(use_goroutine)]() mutable { echo(std::move(socket), served); });
  const std::size_t threads = snag::test::thread_count();
  std::printf("server: %d connections, %lld goroutines, %zu threads\n", n,
              static_cast<long long>(snag::num_goroutine()), threads);
  check(threads <= most_threads, "few threads");
  check(snag::num_goroutine() > n, "a goroutine for each connection");
  all.wait();
  check(served >= n * messages, "every message was served");
  int status = -1;
  snag::blocking([&] { return waitpid(child, &status, 0); });
  return status == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  snag::max_procs(2);
  const int n = connections();
  return argc == 3 ? client(std::atoi(argv[1]), std::atoi(argv[2])) : serve(argv[0], n);
}
