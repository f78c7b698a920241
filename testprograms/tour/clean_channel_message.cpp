// SPDX-License-Identifier: Apache-2.0
// A string through a channel, sent by a function that gets the channel as an argument.
// Lesson: a channel is a handle; passing it by value passes the same channel.
// verdict: clean 20/20
// stdout: ^Hello from Goroutine\n$
#include <string>

#include <snag/snag.h>

void send_message(snag::chan<std::string> channel) { channel << "Hello from Goroutine"; }

int main() {
  snag::chan<std::string> channel;
  snag::go(send_message, channel);
  std::string message = channel.recv();
  snag::println("{}", message);
}
