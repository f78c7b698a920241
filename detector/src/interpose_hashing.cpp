// SPDX-License-Identifier: Apache-2.0
// std::hash of strings and of long values reads its bytes in libstdc++'s shared object, unseen by the plugin.
#include <dlfcn.h>

#include <cstddef>

#include <bits/hash_bytes.h>

#include "detector/src/call_checks.h"

namespace {

using hash_function = std::size_t(const void*, std::size_t, std::size_t);

hash_function* library(const char* name) noexcept {
  void* const found = dlsym(RTLD_NEXT, name);
  if (found == nullptr)
    snag::detector::internal_error(
        "libstdc++'s hash functions need its shared object: link without -static-libstdc++");
  return reinterpret_cast<hash_function*>(found);
}

}  // namespace

namespace std {

size_t _Hash_bytes(const void* bytes, size_t n, size_t seed) {
  static constinit hash_function* real = nullptr;  // every caller finds the same
  snag::detector::call_checks().reads(bytes, n);
  if (real == nullptr) real = library("_ZSt11_Hash_bytesPKvmm");
  return real(bytes, n, seed);
}

size_t _Fnv_hash_bytes(const void* bytes, size_t n, size_t seed) {
  static constinit hash_function* real = nullptr;
  snag::detector::call_checks().reads(bytes, n);
  if (real == nullptr) real = library("_ZSt15_Fnv_hash_bytesPKvmm");
  return real(bytes, n, seed);
}

}  // namespace std
