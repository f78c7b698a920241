// SPDX-License-Identifier: Apache-2.0
#pragma once
// The core's side of race.h, scripted: tests say who exists, which calls lead where and what memory belongs
// to whom, and read back what the interposers told the core. One world for the process; tests that change it
// run in a child (child.h) or call reset().
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "detector/src/race.h"

namespace snag::detector::fake {

// Text and numbers of a site. Strings are copied to where a site can point to them.
struct site_text {
  hooks::site_kind kind = hooks::site_kind::read;
  std::uint8_t flags = 0;
  std::uint32_t line = 0;
  std::uint16_t column = 0;
  std::uint32_t size = 0;
  std::string file = {}, function = {}, expression = {}, variable = {}, type = {}, declaration = {},
              capture = {}, path = {};
  std::uint32_t ordinal = 0;
  const hooks::site* inlined_at = nullptr;
};
// Sites of one module lie next to each other, in the order of the calls.
const hooks::site* add_site(const site_text&);

lock_set_id add_locks(std::vector<lock_facts> latest_first);
context_id add_context(std::vector<const hooks::site*> innermost_first, bool folded = false);

struct told {
  std::string what;  // "allocated", "freed", "unmapped", "read", "write"
  std::uintptr_t address;
  std::size_t bytes;
  const hooks::site* site;
};

struct world {
  std::map<events::goroutine_id, actor_facts> actors;
  std::map<std::string, std::string> options;
  const hooks::site* call = nullptr;  // what here() answers
  context_id context = context_id::root;
  events::goroutine_id self = events::goroutine_id::main;
  const void *stack_low = nullptr, *stack_high = nullptr;  // of stack_owner
  events::goroutine_id stack_owner = events::goroutine_id::none;
  std::vector<told> log;                       // filled while `recording`
  std::vector<kernel_channel> sent, received;  // likewise
  bool recording = false;
  coverage_gaps gaps = {};
};
world& the_world();
void reset();

// What was told since recording began, about memory that overlaps [address, address + bytes).
std::vector<std::string> told_about(const void* address, std::size_t bytes);

}  // namespace snag::detector::fake
