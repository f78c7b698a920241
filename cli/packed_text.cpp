// SPDX-License-Identifier: Apache-2.0
#include "cli/packed_text.h"

#include <zlib.h>

#include "cli/failure.h"

namespace snag::cli {

packed_text::packed_text(std::string_view text) : size_(text.size()) {
  uLongf length = compressBound(text.size());
  packed_.resize(length);
  if (compress2(reinterpret_cast<Bytef*>(packed_.data()), &length,
                reinterpret_cast<const Bytef*>(text.data()), text.size(), 3) != Z_OK)
    throw internal_error("zlib cannot pack a finding");
  packed_.resize(length);
  packed_.shrink_to_fit();
}

std::string packed_text::text() const {
  std::string out(size_, '\0');
  uLongf length = size_;
  if (size_ != 0 && uncompress(reinterpret_cast<Bytef*>(out.data()), &length,
                               reinterpret_cast<const Bytef*>(packed_.data()), packed_.size()) != Z_OK)
    throw internal_error("zlib cannot unpack a finding");
  return out;
}

}  // namespace snag::cli
