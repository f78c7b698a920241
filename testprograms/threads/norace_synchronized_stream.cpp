// SPDX-License-Identifier: Apache-2.0
// Two synchronised streams on one buffer: each hands over what it has collected, in turn.
// verdict: clean 20/20
#include <ostream>
#include <streambuf>
#include <syncstream>
#include <thread>

class counting_buffer : public std::streambuf {
 public:
  int characters = 0;

 protected:
  int_type overflow(int_type c) override {
    characters++;
    return traits_type::not_eof(c);
  }
  std::streamsize xsputn(const char*, std::streamsize n) override {
    characters += static_cast<int>(n);
    return n;
  }
};

int main() {
  counting_buffer buffer;
  const auto write = [&] {
    std::osyncstream out(&buffer);
    out << "some words and " << 42 << '\n';
  };
  std::thread a(write), b(write);
  a.join();
  b.join();
  return buffer.characters != 36;
}
