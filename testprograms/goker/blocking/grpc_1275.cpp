// SPDX-License-Identifier: Apache-2.0
// Closing a stream leaves its reader waiting for a message that nobody sends any more.
// shape: orphan
// dead: read
#include <chrono>
#include <memory>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct stream {
  snag::chan<int> received{1};
  snag::chan<void> read_over;

  void read() {
    const auto message = received.next();  // <- dead 1
    if (!message) snag::println("end of stream");
    read_over.close();
  }
  void close() {}
};

int main() {
  auto s = std::make_shared<stream>();
  snag::go(&stream::read, s);
  s->close();
  snag::select(snag::on_recv(s->read_over), snag::on_timeout(1s));
}
