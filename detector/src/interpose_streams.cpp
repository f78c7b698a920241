// SPDX-License-Identifier: Apache-2.0
// stdio reads and writes its descriptors behind our back: each call that may do so counts as a transfer.
// Writes that only fill the stream's buffer tell nothing; the characters go out with a later call, which
// does. Streams that are named in no argument (printf, puts) are left out: they lead to a terminal or a log.
// Compiled with -fno-builtin.
#define __NO_INLINE__ 1  // the header's inline versions
#include <stdio.h>
#include <stdio_ext.h>

#include "detector/src/annotations.h"
#include "detector/src/interpose_io.h"
#include "detector/src/libc_function.h"

namespace snag::detector {
namespace {

SNAG_LIBC(fread);
SNAG_LIBC(fgets);
SNAG_LIBC(fgetc);
SNAG_LIBC(getdelim);
SNAG_LIBC(fwrite);
SNAG_LIBC(fputs);
SNAG_LIBC(fputc);
SNAG_LIBC(fflush);
SNAG_LIBC(fclose);
SNAG_LIBC(flockfile);
SNAG_LIBC(ftrylockfile);
SNAG_LIBC(funlockfile);

constexpr std::size_t unknown = ~std::size_t{0};

void before_output(FILE* stream, std::size_t n) {
  if (!stream || !watching()) return;
  const bool fits = n != unknown && !__flbf(stream) && __fpending(stream) + n < __fbufsize(stream);
  if (!fits) tell_sent(destination_of(fileno_unlocked(stream)));
}

bool buffered(FILE* stream) { return stream->_IO_read_ptr < stream->_IO_read_end; }

void checked_piece(const void* p, std::size_t n) {
  const iovec whole{const_cast<void*>(p), n};
  check_drained(&whole, 1);
}
void filled_piece(void* p, std::size_t n) {
  const iovec whole{p, n};
  check_filled(&whole, 1, n);
}

}  // namespace

void tell_stream_output(FILE* stream) noexcept { before_output(stream, unknown); }

void resolve_stream_functions() noexcept {
  libc_fread.resolve();
  libc_fgets.resolve();
  libc_fgetc.resolve();
  libc_getdelim.resolve();
  libc_fwrite.resolve();
  libc_fputs.resolve();
  libc_fputc.resolve();
  libc_fflush.resolve();
  libc_fclose.resolve();
  libc_flockfile.resolve();
  libc_ftrylockfile.resolve();
  libc_funlockfile.resolve();
}

}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

// A stream's lock is one for its users, too.
void flockfile(FILE* stream) noexcept {
  libc_flockfile(stream);
  if (watching()) annotate_lock_taken(stream, snag::events::lock_mode::exclusive);
}
int ftrylockfile(FILE* stream) noexcept {
  const int error = libc_ftrylockfile(stream);
  if (error == 0 && watching()) annotate_lock_taken(stream, snag::events::lock_mode::exclusive);
  return error;
}
void funlockfile(FILE* stream) noexcept {
  if (watching()) annotate_lock_given_back(stream, snag::events::lock_mode::exclusive);
  libc_funlockfile(stream);
}

std::size_t fread(void* buffer, std::size_t size, std::size_t count, FILE* stream) {
  const std::size_t n = input_from(stream, [&] { return libc_fread(buffer, size, count, stream); });
  filled_piece(buffer, n * size);
  return n;
}
char* fgets(char* buffer, int limit, FILE* stream) {
  char* const line = input_from(stream, [&] { return libc_fgets(buffer, limit, stream); });
  if (line) filled_piece(line, __builtin_strlen(line) + 1);
  return line;
}
int fgetc(FILE* stream) {
  if (buffered(stream)) return libc_fgetc(stream);
  return input_from(stream, [&] { return libc_fgetc(stream); });
}
int getc(FILE* stream) { return fgetc(stream); }
ssize_t getdelim(char** line, std::size_t* capacity, int end, FILE* stream) {
  return input_from(stream, [&] { return libc_getdelim(line, capacity, end, stream); });
}
ssize_t __getdelim(char** line, std::size_t* capacity, int end, FILE* stream) {
  return getdelim(line, capacity, end, stream);
}
ssize_t getline(char** line, std::size_t* capacity, FILE* stream) {
  return getdelim(line, capacity, '\n', stream);
}

std::size_t fwrite(const void* buffer, std::size_t size, std::size_t count, FILE* stream) {
  checked_piece(buffer, size * count);
  before_output(stream, size * count);
  return libc_fwrite(buffer, size, count, stream);
}
int fputs(const char* text, FILE* stream) {
  const std::size_t n = __builtin_strlen(text);
  before_output(stream, n);
  return libc_fputs(text, stream);
}
int fputc(int c, FILE* stream) {
  before_output(stream, 1);
  return libc_fputc(c, stream);
}
int putc(int c, FILE* stream) { return fputc(c, stream); }
int fflush(FILE* stream) {
  before_output(stream, unknown);
  return libc_fflush(stream);
}
int fclose(FILE* stream) {
  before_output(stream, unknown);
  if (watching()) tell_closed(fileno_unlocked(stream));
  return libc_fclose(stream);
}
}
