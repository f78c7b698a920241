// SPDX-License-Identifier: Apache-2.0
// std::locale is a pointer that libstdc++'s shared object copies, assigns and counts, unseen by the plugin:
// copying one reads it, assigning to one writes it.
//
// What a locale has worked out about its facets (std::__use_cache) is made by whoever needs it first, and
// handed to all others under libstdc++'s own lock: such blocks are the library's, and what it does with them
// is none of our business.
#include <cstddef>
#include <locale>

#include "detector/src/call_checks.h"
#include "detector/src/heap_blocks.h"
#include "detector/src/library_function.h"

namespace snag::detector {
namespace {

constinit library_function<void(std::locale*, const std::locale*)> real_copy{"_ZNSt6localeC1ERKS_"};
constinit library_function<std::locale*(std::locale*, const std::locale*)> real_assign{"_ZNSt6localeaSERKS_"};
constinit library_function<void(void*, const void*, std::size_t)> real_install_cache{
    "_ZNSt6locale5_Impl16_M_install_cacheEPKNS_5facetEm"};

// A cache and the texts that its members point to.
void give_to_library(const void* cache) noexcept {
  heap_block block;
  if (!find_heap_block(cache, block) || block.begin != cache) return;
  adopt_heap_block(cache);
  const auto* words = static_cast<void* const*>(cache);
  for (std::size_t i = 0; i < block.size / sizeof *words; ++i) {
    heap_block text;
    if (find_heap_block(words[i], text) && text.begin == words[i]) adopt_heap_block(words[i]);
  }
}

}  // namespace
}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

// Named by their symbols: constructors cannot be defined otherwise, and locale::_Impl is private.
void snag_locale_copy(std::locale* self, const std::locale* from) asm("_ZNSt6localeC1ERKS_");
void snag_locale_copy(std::locale* self, const std::locale* from) {
  call_checks().reads(from, sizeof *from).writes(self, sizeof *self);
  real_copy(self, from);
}
void snag_locale_copy_base(std::locale* self, const std::locale* from) asm("_ZNSt6localeC2ERKS_");
void snag_locale_copy_base(std::locale* self, const std::locale* from) { snag_locale_copy(self, from); }

std::locale* snag_locale_assign(std::locale* self, const std::locale* from) asm("_ZNSt6localeaSERKS_");
std::locale* snag_locale_assign(std::locale* self, const std::locale* from) {
  call_checks().reads(from, sizeof *from).writes(self, sizeof *self);
  return real_assign(self, from);
}

void snag_locale_install_cache(void* self, const void* cache,
                               std::size_t index) asm("_ZNSt6locale5_Impl16_M_install_cacheEPKNS_5facetEm");
void snag_locale_install_cache(void* self, const void* cache, std::size_t index) {
  if (watching()) give_to_library(cache);
  real_install_cache(self, cache, index);
}

}  // extern "C"
