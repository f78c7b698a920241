// SPDX-License-Identifier: Apache-2.0
// Two streams on one buffer.
// verdict: race 20/20
// race: characters
#include <ostream>
#include <streambuf>
#include <syncstream>
#include <thread>

class counting_buffer : public std::streambuf {
 public:
  int characters = 0;

 protected:
  int_type overflow(int_type c) override {
    characters++;  // <- 1 2
    return traits_type::not_eof(c);
  }
  std::streamsize xsputn(const char*, std::streamsize n) override {
    characters += static_cast<int>(n);  // <- 1 2
    return n;
  }
};

int main() {
  counting_buffer buffer;
  const auto write = [&] {
    std::ostream out(&buffer);
    out << "some words and " << 42 << '\n';
  };
  std::thread a(write), b(write);
  a.join();
  b.join();
  return buffer.characters > 36;
}
