// SPDX-License-Identifier: Apache-2.0
// Files are compressed in parallel with zlib, one goroutine each, and compress_file knows nothing of wait
// groups. Lesson: keep the concurrency in the caller; the function that works stays usable serially.
// verdict: clean 20/20
// link: -lz
// stdout: ^compressed 5 files, 5 of them smaller, all of them intact\n$
#include <zlib.h>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <snag/snag.h>

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Writes path.gz; gives its size.
std::uintmax_t compress_file(const fs::path& path) {
  std::string text = read_file(path);
  fs::path target = path.string() + ".gz";
  gzFile out = gzopen(target.c_str(), "wb");
  gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
  gzclose(out);
  return fs::file_size(target);
}

std::string decompress_file(const fs::path& path) {
  gzFile in = gzopen(path.c_str(), "rb");
  std::string text(100'000, '\0');
  int length = gzread(in, text.data(), static_cast<unsigned>(text.size()));
  gzclose(in);
  text.resize(static_cast<std::size_t>(length));
  return text;
}

int main() {
  char place[] = "/tmp/snag_compress_XXXXXX";
  const fs::path folder = mkdtemp(place);
  std::array<std::uintmax_t, 5> sizes = {};
  snag::wait_group wg;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    fs::path file = folder / ("file" + std::to_string(i));
    std::ofstream(file) << std::string(1000 * (i + 1), static_cast<char>('a' + i));
    wg.go([&sizes, i, file] { sizes[i] = compress_file(file); });
  }
  wg.wait();
  int smaller = 0;
  bool intact = true;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    fs::path file = folder / ("file" + std::to_string(i));
    if (sizes[i] < fs::file_size(file)) ++smaller;
    intact = intact && decompress_file(file.string() + ".gz") == read_file(file);
  }
  fs::remove_all(folder);
  snag::println("compressed {} files, {} of them smaller, {} of them intact", sizes.size(), smaller,
                intact ? "all" : "not all");
}
