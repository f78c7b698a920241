// SPDX-License-Identifier: Apache-2.0
// An echo server on <snag/asio.h> beside Go's (bench/go/echo), both on two threads, under the same client:
// one thread, epoll, every connection has one message of 64 bytes under way. In turns, so that both see the
// same machine.
//
//   echo_bench [PATH-OF-THE-GO-SERVER] [connections…]
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "snag/asio.h"
#include "snag/snag.h"

namespace {

using std::chrono::steady_clock;
constexpr std::size_t message = 64;

void check(bool ok, const char* what) {
  if (ok) return;
  std::perror(what);
  std::exit(1);
}

[[noreturn]] void serve() {
  namespace asio = boost::asio;
  using asio::ip::tcp;
  snag::max_procs(2);
  tcp::acceptor acceptor(snag::io_context(), {asio::ip::address_v4::loopback(), 0});
  std::printf("%d\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  for (;;)
    snag::go([socket = acceptor.async_accept(snag::use_goroutine)]() mutable {
      socket.set_option(tcp::no_delay(true));
      char text[4096];
      boost::system::error_code ec;
      for (;;) {
        const std::size_t n = socket.async_read_some(asio::buffer(text), snag::use_goroutine[ec]);
        if (ec) return;
        asio::async_write(socket, asio::buffer(text, n), snag::use_goroutine[ec]);
        if (ec) return;
      }
    });
}

struct server {
  pid_t pid;
  int port = 0;
  explicit server(std::vector<const char*> command) {
    int out[2];
    check(pipe(out) == 0, "pipe");
    pid = fork();
    if (pid == 0) {
      dup2(out[1], 1), close(out[0]), close(out[1]);
      setenv("GOMAXPROCS", "2", 1);
      command.push_back(nullptr);
      execv(command[0], const_cast<char**>(command.data()));
      _exit(127);
    }
    close(out[1]);
    FILE* const said = fdopen(out[0], "r");
    check(std::fscanf(said, "%d", &port) == 1, "the server did not start");
    std::fclose(said);
  }
  ~server() { kill(pid, SIGTERM), waitpid(pid, nullptr, 0); }
};

struct figures {
  double per_second, p50, p99;  // messages; microseconds
};

figures load(int port, int connections, std::chrono::milliseconds duration) {
  const int poll = epoll_create1(0);
  std::vector<int> sockets;
  std::vector<steady_clock::time_point> sent(static_cast<std::size_t>(connections));
  std::vector<double> times;
  char text[message] = {};
  for (int i = 0; i < connections; ++i) {
    const int s = socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in to{AF_INET, htons(static_cast<std::uint16_t>(port)), {htonl(INADDR_LOOPBACK)}, {}};
    check(connect(s, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0, "connect");
    const int one = 1;
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    epoll_event e{EPOLLIN, {.u32 = static_cast<std::uint32_t>(i)}};
    epoll_ctl(poll, EPOLL_CTL_ADD, s, &e);
    sockets.push_back(s);
  }
  const auto send_one = [&](std::size_t i) {
    sent[i] = steady_clock::now();
    check(write(sockets[i], text, message) == message, "write");
  };
  for (std::size_t i = 0; i < sockets.size(); ++i) send_one(i);
  const auto start = steady_clock::now();
  auto now = start;
  while (now - start < duration) {
    epoll_event events[256];
    const int n = epoll_wait(poll, events, 256, 1000);
    for (int k = 0; k < n; ++k) {
      const std::size_t i = events[k].data.u32;
      check(recv(sockets[i], text, message, MSG_WAITALL) == message, "read");
      times.push_back(std::chrono::duration<double, std::micro>(steady_clock::now() - sent[i]).count());
      send_one(i);
    }
    now = steady_clock::now();
  }
  for (const int s : sockets) close(s);
  close(poll);
  std::sort(times.begin(), times.end());
  return {static_cast<double>(times.size()) / std::chrono::duration<double>(now - start).count(),
          times[times.size() / 2], times[times.size() * 99 / 100]};
}

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && argv[1] == std::string_view("serve")) serve();
  const char* const go_server = argc > 1 ? argv[1] : nullptr;
  std::vector<int> sizes;
  for (int i = 2; i < argc; ++i) sizes.push_back(std::atoi(argv[i]));
  if (sizes.empty()) sizes = {1, 16, 256};
  server snag_server({"/proc/self/exe", "serve"});
  std::vector<server> others;
  others.reserve(1);
  if (go_server != nullptr) others.emplace_back(std::vector<const char*>{go_server});
  constexpr int rounds = 7;
  for (const int connections : sizes) {
    std::vector<double> rate, p50, p99, rate_ratio, p50_ratio, p99_ratio;
    for (int i = 0; i < rounds; ++i) {
      const figures ours = load(snag_server.port, connections, std::chrono::milliseconds(500));
      rate.push_back(ours.per_second), p50.push_back(ours.p50), p99.push_back(ours.p99);
      if (others.empty()) continue;
      const figures go = load(others[0].port, connections, std::chrono::milliseconds(500));
      rate_ratio.push_back(ours.per_second / go.per_second);
      p50_ratio.push_back(ours.p50 / go.p50), p99_ratio.push_back(ours.p99 / go.p99);
    }
    std::printf("%5d connections: %8.0f messages/s, p50 %6.1f us, p99 %7.1f us", connections, median(rate),
                median(p50), median(p99));
    if (!others.empty())
      std::printf("; against Go: messages x %.2f, p50 x %.2f, p99 x %.2f", median(rate_ratio),
                  median(p50_ratio), median(p99_ratio));
    std::printf("\n");
  }
}
