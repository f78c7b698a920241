// SPDX-License-Identifier: Apache-2.0
// Compiled with -fno-builtin, or the loops below would be turned into calls of themselves. <string.h> is not
// included: it declares C++ overloads of strchr and others.
#include "detector/src/interpose_strings.h"

#include <dlfcn.h>
#include <link.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "detector/src/call_checks.h"

namespace snag::detector {
namespace {

using byte = unsigned char;

// libc's versions; null until resolved.
struct libc_functions {
  int (*memcmp)(const void*, const void*, std::size_t);
  int (*bcmp)(const void*, const void*, std::size_t);
  void* (*memchr)(const void*, int, std::size_t);
  void* (*memrchr)(const void*, int, std::size_t);
  void* (*memmem)(const void*, std::size_t, const void*, std::size_t);
  std::size_t (*strlen)(const char*);
  std::size_t (*strnlen)(const char*, std::size_t);
  int (*strcmp)(const char*, const char*);
  int (*strncmp)(const char*, const char*, std::size_t);
  int (*strcasecmp)(const char*, const char*);
  int (*strncasecmp)(const char*, const char*, std::size_t);
  char* (*strchr)(const char*, int);
  char* (*strrchr)(const char*, int);
  char* (*strstr)(const char*, const char*);
  char* (*strcpy)(char*, const char*);
  char* (*stpcpy)(char*, const char*);
  char* (*strncpy)(char*, const char*, std::size_t);
  char* (*strcat)(char*, const char*);
  char* (*strncat)(char*, const char*, std::size_t);
  char* (*strdup)(const char*);
  char* (*strndup)(const char*, std::size_t);
  void* (*memcpy)(void*, const void*, std::size_t);
  void* (*memmove)(void*, const void*, std::size_t);
  void* (*memset)(void*, int, std::size_t);
};
constinit libc_functions libc{};
constinit std::atomic<bool> resolved{false};

// The code of the C++ libraries' shared objects; a program may have both.
struct code_range {
  std::uintptr_t begin = 0, end = 0;
  bool contains(std::uintptr_t a) const { return a >= begin && a < end; }
};
constinit code_range libstdcxx, libcxx;

bool contains_text(const char* text, const char* wanted) {
  for (; *text != '\0'; ++text) {
    std::size_t i = 0;
    while (wanted[i] != '\0' && text[i] == wanted[i]) ++i;
    if (wanted[i] == '\0') return true;
  }
  return false;
}

int find_library(dl_phdr_info* info, std::size_t, void*) {
  const char* name = info->dlpi_name;
  if (!name) return 0;
  code_range* const library = contains_text(name, "/libstdc++.so") ? &libstdcxx
                              : contains_text(name, "/libc++.so")  ? &libcxx
                                                                   : nullptr;
  for (unsigned i = 0; library && i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& p = info->dlpi_phdr[i];
    if (p.p_type != PT_LOAD || (p.p_flags & PF_X) == 0) continue;
    library->begin = info->dlpi_addr + p.p_vaddr;
    library->end = library->begin + p.p_memsz;
  }
  return 0;
}

bool in_cxx_library(const void* return_address) {
  const auto a = reinterpret_cast<std::uintptr_t>(return_address);
  return libstdcxx.contains(a) || libcxx.contains(a);
}

bool ready() { return resolved.load(std::memory_order_acquire); }

void* plain_copy(void* to, const void* from, std::size_t n) {
  void* out = to;
  asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
  return out;
}
void* plain_move(void* to, const void* from, std::size_t n) {
  auto* d = static_cast<byte*>(to);
  const auto* s = static_cast<const byte*>(from);
  if (d <= s || d >= s + n) return plain_copy(to, from, n);
  while (n-- != 0) d[n] = s[n];
  return to;
}
void* plain_set(void* to, int c, std::size_t n) {
  void* out = to;
  asm volatile("rep stosb" : "+D"(to), "+c"(n) : "a"(c) : "memory");
  return out;
}
std::size_t plain_length(const char* s, std::size_t limit = SIZE_MAX) {
  std::size_t n = 0;
  while (n < limit && s[n] != '\0') ++n;
  return n;
}
std::size_t length(const char* s) { return ready() ? libc.strlen(s) : plain_length(s); }
std::size_t length(const char* s, std::size_t limit) {
  return ready() ? libc.strnlen(s, limit) : plain_length(s, limit);
}
// Bytes of a string that a scan limited to `limit` reads: its terminator too, if it gets there.
std::size_t scanned(const char* s, std::size_t limit) {
  const std::size_t n = length(s, limit);
  return n < limit ? n + 1 : n;
}

byte lower(byte c, bool fold) { return fold && c >= 'A' && c <= 'Z' ? static_cast<byte>(c - 'A' + 'a') : c; }

// How far two strings must be read to be told apart, at most `limit`; and the difference there.
struct difference {
  std::size_t bytes;
  int sign;
};
difference compare(const char* a, const char* b, std::size_t limit, bool fold) {
  for (std::size_t i = 0; i < limit; ++i) {
    const byte x = lower(static_cast<byte>(a[i]), fold), y = lower(static_cast<byte>(b[i]), fold);
    if (x != y || x == 0) return {i + 1, x - y};
  }
  return {limit, 0};
}
std::size_t compared(const void* a, const void* b, std::size_t limit) {
  const auto *x = static_cast<const byte*>(a), *y = static_cast<const byte*>(b);
  for (std::size_t i = 0; i < limit; ++i)
    if (x[i] != y[i]) return i + 1;
  return limit;
}
int plain_memcmp(const void* a, const void* b, std::size_t n) {
  const std::size_t i = compared(a, b, n);
  return i == 0 ? 0 : static_cast<const byte*>(a)[i - 1] - static_cast<const byte*>(b)[i - 1];
}
const void* plain_memchr(const void* p, int c, std::size_t n) {
  const auto* s = static_cast<const byte*>(p);
  for (std::size_t i = 0; i < n; ++i)
    if (s[i] == static_cast<byte>(c)) return s + i;
  return nullptr;
}

}  // namespace

void resolve_string_functions() noexcept {
  const auto find = [](auto& into, const char* name) {
    into = reinterpret_cast<std::remove_reference_t<decltype(into)>>(dlsym(RTLD_NEXT, name));
    return into != nullptr;
  };
  bool all = true;
#define SNAG_FIND(name) all = find(libc.name, #name) && all
  SNAG_FIND(memcmp);
  SNAG_FIND(bcmp);
  SNAG_FIND(memchr);
  SNAG_FIND(memrchr);
  SNAG_FIND(memmem);
  SNAG_FIND(strlen);
  SNAG_FIND(strnlen);
  SNAG_FIND(strcmp);
  SNAG_FIND(strncmp);
  SNAG_FIND(strcasecmp);
  SNAG_FIND(strncasecmp);
  SNAG_FIND(strchr);
  SNAG_FIND(strrchr);
  SNAG_FIND(strstr);
  SNAG_FIND(strcpy);
  SNAG_FIND(stpcpy);
  SNAG_FIND(strncpy);
  SNAG_FIND(strcat);
  SNAG_FIND(strncat);
  SNAG_FIND(strdup);
  SNAG_FIND(strndup);
  SNAG_FIND(memcpy);
  SNAG_FIND(memmove);
  SNAG_FIND(memset);
#undef SNAG_FIND
  dl_iterate_phdr(find_library, nullptr);
  resolved.store(all, std::memory_order_release);
}

}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

void* memcpy(void* to, const void* from, std::size_t n) {
  if (!ready()) [[unlikely]]
    return plain_copy(to, from, n);
  if (in_cxx_library(__builtin_return_address(0))) call_checks().reads(from, n).writes(to, n);
  return libc.memcpy(to, from, n);
}
void* memmove(void* to, const void* from, std::size_t n) {
  if (!ready()) [[unlikely]]
    return plain_move(to, from, n);
  if (in_cxx_library(__builtin_return_address(0))) call_checks().reads(from, n).writes(to, n);
  return libc.memmove(to, from, n);
}
void* memset(void* to, int c, std::size_t n) {
  if (!ready()) [[unlikely]]
    return plain_set(to, c, n);
  if (in_cxx_library(__builtin_return_address(0))) call_checks().writes(to, n);
  return libc.memset(to, c, n);
}

// Comparisons are specified to look at all n bytes of memory, and at strings up to where they differ.
int memcmp(const void* a, const void* b, std::size_t n) {
  if (!ready()) return plain_memcmp(a, b, n);
  call_checks().reads(a, n).reads(b, n);
  return libc.memcmp(a, b, n);
}
int bcmp(const void* a, const void* b, std::size_t n) {
  if (!ready()) return plain_memcmp(a, b, n);
  call_checks().reads(a, n).reads(b, n);
  return libc.bcmp(a, b, n);
}
void* memchr(const void* p, int c, std::size_t n) {
  if (!ready()) return const_cast<void*>(plain_memchr(p, c, n));
  void* found = libc.memchr(p, c, n);
  call_checks().reads(
      p, found ? static_cast<std::size_t>(static_cast<byte*>(found) - static_cast<const byte*>(p)) + 1 : n);
  return found;
}
void* memrchr(const void* p, int c, std::size_t n) {
  const auto* s = static_cast<const byte*>(p);
  std::size_t i = n;
  while (i > 0 && s[i - 1] != static_cast<byte>(c)) --i;
  const std::size_t from = i > 0 ? i - 1 : 0;
  call_checks().reads(s + from, n - from);
  return i > 0 ? const_cast<byte*>(s + from) : nullptr;
}
void* memmem(const void* p, std::size_t n, const void* needle, std::size_t m) {
  call_checks().reads(p, n).reads(needle, m);
  if (ready()) return libc.memmem(p, n, needle, m);
  for (std::size_t i = 0; m <= n && i <= n - m; ++i)
    if (plain_memcmp(static_cast<const byte*>(p) + i, needle, m) == 0)
      return const_cast<byte*>(static_cast<const byte*>(p) + i);
  return nullptr;
}

std::size_t strlen(const char* s) {
  const std::size_t n = length(s);
  if (ready()) call_checks().reads(s, n + 1);
  return n;
}
std::size_t strnlen(const char* s, std::size_t limit) {
  const std::size_t n = length(s, limit);
  if (ready()) call_checks().reads(s, n < limit ? n + 1 : n);
  return n;
}

int strcmp(const char* a, const char* b) {
  if (!ready()) return compare(a, b, SIZE_MAX, false).sign;
  if (call_checks c; c) {
    const std::size_t n = compare(a, b, SIZE_MAX, false).bytes;
    c.reads(a, n).reads(b, n);
  }
  return libc.strcmp(a, b);
}
int strncmp(const char* a, const char* b, std::size_t limit) {
  if (!ready()) return compare(a, b, limit, false).sign;
  if (call_checks c; c) {
    const std::size_t n = compare(a, b, limit, false).bytes;
    c.reads(a, n).reads(b, n);
  }
  return libc.strncmp(a, b, limit);
}
int strcasecmp(const char* a, const char* b) {
  if (!ready()) return compare(a, b, SIZE_MAX, true).sign;
  if (call_checks c; c) {
    const std::size_t n = compare(a, b, SIZE_MAX, true).bytes;
    c.reads(a, n).reads(b, n);
  }
  return libc.strcasecmp(a, b);
}
int strncasecmp(const char* a, const char* b, std::size_t limit) {
  if (!ready()) return compare(a, b, limit, true).sign;
  if (call_checks c; c) {
    const std::size_t n = compare(a, b, limit, true).bytes;
    c.reads(a, n).reads(b, n);
  }
  return libc.strncasecmp(a, b, limit);
}

char* strchr(const char* s, int c) {
  std::size_t i = 0;
  if (!ready()) {
    while (s[i] != static_cast<char>(c) && s[i] != '\0') ++i;
    return s[i] == static_cast<char>(c) ? const_cast<char*>(s + i) : nullptr;
  }
  char* found = libc.strchr(s, c);
  if (call_checks check; check) check.reads(s, (found ? static_cast<std::size_t>(found - s) : length(s)) + 1);
  return found;
}
char* strrchr(const char* s, int c) {
  const std::size_t n = length(s) + 1;
  if (ready()) call_checks().reads(s, n);
  for (std::size_t i = n; i-- > 0;)
    if (s[i] == static_cast<char>(c)) return const_cast<char*>(s + i);
  return nullptr;
}
char* strstr(const char* s, const char* needle) {
  const std::size_t n = length(s), m = length(needle);
  if (ready()) {
    char* found = libc.strstr(s, needle);
    call_checks().reads(s, found ? static_cast<std::size_t>(found - s) + m : n + 1).reads(needle, m + 1);
    return found;
  }
  for (std::size_t i = 0; m <= n && i <= n - m; ++i)
    if (plain_memcmp(s + i, needle, m) == 0) return const_cast<char*>(s + i);
  return nullptr;
}

char* strcpy(char* to, const char* from) {
  const std::size_t n = length(from) + 1;
  if (!ready()) return static_cast<char*>(plain_copy(to, from, n));
  call_checks().reads(from, n).writes(to, n);
  return static_cast<char*>(libc.memcpy(to, from, n));
}
char* stpcpy(char* to, const char* from) {
  const std::size_t n = length(from);
  strcpy(to, from);
  return to + n;
}
char* strncpy(char* to, const char* from, std::size_t limit) {
  const std::size_t n = length(from, limit);
  if (ready()) call_checks().reads(from, n < limit ? n + 1 : n).writes(to, limit);
  plain_copy(to, from, n);
  plain_set(to + n, 0, limit - n);
  return to;
}
char* strcat(char* to, const char* from) {
  const std::size_t at = length(to), n = length(from) + 1;
  if (ready()) call_checks().reads(to, at + 1).reads(from, n).writes(to + at, n);
  plain_copy(to + at, from, n);
  return to;
}
char* strncat(char* to, const char* from, std::size_t limit) {
  const std::size_t at = length(to), n = length(from, limit);
  if (ready()) call_checks().reads(to, at + 1).reads(from, n < limit ? n + 1 : n).writes(to + at, n + 1);
  plain_copy(to + at, from, n);
  to[at + n] = '\0';
  return to;
}

// The copy is malloc's (ours) and is filled with the string.
char* strdup(const char* s) {
  const std::size_t n = length(s) + 1;
  if (ready()) call_checks().reads(s, n);
  char* copy = static_cast<char*>(__builtin_malloc(n));
  return copy ? static_cast<char*>(plain_copy(copy, s, n)) : nullptr;
}
char* strndup(const char* s, std::size_t limit) {
  const std::size_t n = length(s, limit);
  if (ready()) call_checks().reads(s, scanned(s, limit));
  char* copy = static_cast<char*>(__builtin_malloc(n + 1));
  if (!copy) return nullptr;
  plain_copy(copy, s, n);
  copy[n] = '\0';
  return copy;
}
}
