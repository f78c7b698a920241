// SPDX-License-Identifier: Apache-2.0
// Closing sends the reader the end.
// verdict: clean 20/20
#include <chrono>
#include <memory>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct stream {
  snag::chan<int> received{1};
  snag::chan<void> read_over;

  void read() {
    const auto message = received.next();
    if (!message) snag::println("end of stream");
    read_over.close();
  }
  void close() { received.close(); }
};

int main() {
  auto s = std::make_shared<stream>();
  snag::go(&stream::read, s);
  s->close();
  snag::select(snag::on_recv(s->read_over), snag::on_timeout(1s));
}
