// SPDX-License-Identifier: Apache-2.0
#include "cli/packed_size.h"

#include <zlib.h>

#include "cli/failure.h"

namespace snag::cli {

struct packed_size::state {
  z_stream stream{};
  std::size_t bytes = 0;
};

packed_size::packed_size(std::streambuf& target) : target_(target), state_(std::make_unique<state>()) {
  if (deflateInit(&state_->stream, Z_DEFAULT_COMPRESSION) != Z_OK) throw internal_error("zlib cannot start");
}

packed_size::~packed_size() { deflateEnd(&state_->stream); }

void packed_size::count(const char* bytes, std::size_t n, int flush) {
  z_stream& s = state_->stream;
  s.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes));
  s.avail_in = static_cast<uInt>(n);
  Bytef out[16384];
  do {
    s.next_out = out;
    s.avail_out = sizeof out;
    deflate(&s, flush);
    state_->bytes += sizeof out - s.avail_out;
  } while (s.avail_out == 0);
}

std::size_t packed_size::finish() {
  count(nullptr, 0, Z_FINISH);
  return state_->bytes;
}

packed_size::int_type packed_size::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  const char byte = traits_type::to_char_type(c);
  return xsputn(&byte, 1) == 1 ? c : traits_type::eof();
}

std::streamsize packed_size::xsputn(const char* bytes, std::streamsize n) {
  constexpr std::streamsize piece = 1 << 20;
  for (std::streamsize done = 0; done < n; done += piece)
    count(bytes + done, static_cast<std::size_t>(std::min(piece, n - done)), Z_NO_FLUSH);
  return target_.sputn(bytes, n);
}

}  // namespace snag::cli
