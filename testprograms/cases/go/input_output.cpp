// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about input and output, and about C (src/runtime/race/testdata/io_test.go
// and cgo_test.go).
#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>

#include <snag/asio.h>
#include <snag/snag.h>

#include "../case.h"

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using namespace std::chrono_literals;

static ssize_t read_file(const std::string& name, char (&text)[100]) {
  const int file = open(name.c_str(), O_RDONLY);
  if (file < 0) return 0;
  const ssize_t size = read(file, text, sizeof text);
  close(file);
  return size;
}

NO_RACE(TestNoRaceIOFile, "a write to a file comes before the read that finds it") {
  char folder[] = "/tmp/snag-case.XXXXXX";
  if (mkdtemp(folder) == nullptr) std::abort();
  const std::string name = std::string(folder) + "/data";
  int x = 0;
  snag::wait_group writer;
  writer.go([&] {
    x = 42;
    const int file = open(name.c_str(), O_WRONLY | O_CREAT, 0600);
    if (write(file, "done", 4) != 4) std::abort();
    close(file);
  });
  char text[100];
  while (read_file(name, text) <= 0) snag::sleep_for(1ms);
  x += 1;
  writer.wait();
  unlink(name.c_str());
  rmdir(folder);
}

static void answer(tcp::acceptor& acceptor, int& requests) {
  tcp::socket client = acceptor.async_accept(snag::use_goroutine);
  std::string question;
  asio::async_read_until(client, asio::dynamic_buffer(question), "\r\n\r\n", snag::use_goroutine);
  requests += 1;
  const std::string text = "HTTP/1.0 200 OK\r\n\r\ntest";
  requests += 1;
  asio::async_write(client, asio::buffer(text), snag::use_goroutine);
}

static std::string ask(const tcp::endpoint& address) {
  tcp::socket server(snag::io_context());
  server.async_connect(address, snag::use_goroutine);
  constexpr std::string_view question = "GET / HTTP/1.0\r\n\r\n";
  asio::async_write(server, asio::buffer(question), snag::use_goroutine);
  std::string text;
  boost::system::error_code end;
  asio::async_read(server, asio::dynamic_buffer(text), snag::use_goroutine[end]);
  return text;
}

NO_RACE(TestNoRaceIOHttp, "a request comes before its handler, and the handler before the answer") {
  int requests = 0;
  tcp::acceptor acceptor(snag::io_context(), tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  snag::wait_group server;
  server.go([&] {
    for (int i = 0; i < 2; ++i) answer(acceptor, requests);
  });
  requests += 1;
  ask(acceptor.local_endpoint());
  requests += 1;
  ask(acceptor.local_endpoint());
  requests += 1;
  server.wait();
}

static int notifications = 0;
extern "C" void notify() { __sync_fetch_and_add(&notifications, 1); }
extern "C" int is_notified() { return __sync_fetch_and_add(&notifications, 0) != 0; }

NO_RACE(TestNoRaceCgoSync, "C's atomic addition comes before the one that reads it") {
  int x = 0;
  snag::wait_group writer;
  writer.go([&] {
    x = 1;
    notify();
  });
  while (!is_notified()) snag::yield();
  x += 1;
  writer.wait();
}
