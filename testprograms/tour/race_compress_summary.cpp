// SPDX-License-Identifier: Apache-2.0
// Parallel compression in memory, with the summary added up by the workers themselves.
// Lesson: the summary belongs to main, after the wait, or behind a lock.
// verdict: race 20/20
// link: -lz
// race: saved
#include <zlib.h>
#include <string>
#include <vector>

#include <snag/snag.h>

std::size_t compressed_size(const std::string& text) {
  std::vector<unsigned char> out(compressBound(text.size()));
  uLongf length = out.size();
  compress(out.data(), &length, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return length;
}

int main() {
  std::size_t saved = 0;
  snag::wait_group wg;
  for (int i = 1; i <= 3; ++i) {
    wg.go([&, i] {
      std::string text(1000 * static_cast<std::size_t>(i), 'x');
      std::size_t size = compressed_size(text);
      saved += text.size() - size;  // <- 1 2
    });
  }
  wg.wait();
  snag::println("saved something: {}", saved > 0);
}
