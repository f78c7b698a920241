// SPDX-License-Identifier: Apache-2.0
// std::hash of strings and of long values reads its bytes in libstdc++'s shared object, unseen by the plugin.
#include <cstddef>

#include <bits/hash_bytes.h>

#include "detector/src/call_checks.h"
#include "detector/src/library_function.h"

namespace {

using hash_function = std::size_t(const void*, std::size_t, std::size_t);
constinit snag::detector::library_function<hash_function> real_hash{"_ZSt11_Hash_bytesPKvmm"},
    real_fnv_hash{"_ZSt15_Fnv_hash_bytesPKvmm"};

}  // namespace

namespace std {

size_t _Hash_bytes(const void* bytes, size_t n, size_t seed) {
  snag::detector::call_checks().reads(bytes, n);
  return real_hash(bytes, n, seed);
}

size_t _Fnv_hash_bytes(const void* bytes, size_t n, size_t seed) {
  snag::detector::call_checks().reads(bytes, n);
  return real_fnv_hash(bytes, n, seed);
}

}  // namespace std
