// SPDX-License-Identifier: Apache-2.0
// Somebody touches the buffer of a write that is under way.
// verdict: race 20/20
// race: text
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
  char text[4] = {'e', 'c', 'h', 'o'};
  wg.go([&] {
    asio::async_write(b, asio::buffer(text), snag::use_goroutine);  // <- 1
  });
  wg.go([&] { text[0] = 'E'; });  // <- 2
  char back[4];
  asio::async_read(a, asio::buffer(back), snag::use_goroutine);
  wg.wait();
  return back[3] != 'o';
}
