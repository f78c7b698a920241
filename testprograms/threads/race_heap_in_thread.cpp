// SPDX-License-Identifier: Apache-2.0
// A string grows in one thread while another looks how long it is.
// verdict: race 20/20
// race: size buffer
#include <string>
#include <thread>

int main() {
  std::string buffer;
  std::size_t longest = 0;
  const auto grow = [](std::string& text) {
    for (int i = 0; i < 200; ++i) text += 'x';  // <- 1
    return text.size();
  };
  std::thread t([&] { grow(buffer); });
  longest = buffer.size();  // <- 2
  t.join();
  return longest > 200;
}
