// SPDX-License-Identifier: Apache-2.0
// What a goroutine wrote before it started an operation is its thread's to read, and what came in is the
// goroutine's when the call returns.
// verdict: clean 20/20
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <snag/asio.h>
#include <snag/snag.h>

namespace asio = boost::asio;
using local = asio::local::stream_protocol;

int main() {
  local::socket a(snag::io_context()), b(snag::io_context());
  asio::local::connect_pair(a, b);
  snag::wait_group wg;
  wg.go([&] {
    char text[4];
    boost::system::error_code ec;
    while (asio::async_read(a, asio::buffer(text), snag::use_goroutine[ec]) == 4)
      asio::async_write(a, asio::buffer(text), snag::use_goroutine);
  });
  char text[4] = {};
  bool same = true;
  for (char round = 0; round < 10; ++round) {
    for (char& c : text) c = round;
    asio::async_write(b, asio::buffer(text), snag::use_goroutine);
    for (char& c : text) c = 'x';
    asio::async_read(b, asio::buffer(text), snag::use_goroutine);
    for (char c : text) same = same && c == round;
  }
  b.close();
  wg.wait();
  return same ? 0 : 1;
}
