// SPDX-License-Identifier: Apache-2.0
#include "detector/src/context_tree.h"

#include <gtest/gtest.h>

#include <iterator>
#include <set>
#include <vector>

#include "detector/src/frames.h"

namespace snag::detector {
namespace {

// Call sites of named functions; the strings stand next to the sites, as in a module.
struct calls {
  hooks::site site[4];
  char function[4][8] = {"main", "sort", "merge", "leaf"};
  calls() {
    for (int i = 0; i < 4; ++i) {
      site[i].kind = hooks::site_kind::call;
      site[i].function = static_cast<std::int32_t>(function[i] - reinterpret_cast<char*>(&site[i].function));
    }
    sites.add(site, site + 4);
  }
};
calls program;

known_calls known;

site_id call_in(int function) { return sites.id_of(&program.site[function]); }

TEST(context_tree, equal_chains_are_equal_numbers) {
  const context_id a = contexts.intern(context_id::root, call_in(0));
  EXPECT_EQ(contexts.intern(context_id::root, call_in(0)), a);
  EXPECT_NE(a, context_id::root);
  const context_id b = contexts.intern(a, call_in(1));
  EXPECT_NE(b, a);
  EXPECT_EQ(contexts.parent(b), a);
  EXPECT_EQ(contexts.call(b), call_in(1));
  EXPECT_FALSE(contexts.folded(b));
}

TEST(context_tree, recursion_is_folded_by_function_into_few_contexts) {
  std::set<context_id> seen;
  context_id c = contexts.intern(context_id::root, call_in(0));
  for (int i = 0; i < 100'000; ++i) seen.insert(c = contexts.intern(c, call_in(1 + i % 2)));
  EXPECT_LT(seen.size(), 20u);
  int length = 0;
  bool folded = false;
  for (context_id at = c; at != context_id::root; at = contexts.parent(at), ++length)
    folded = folded || contexts.folded(at);
  EXPECT_TRUE(folded);
  EXPECT_LE(length, 1 + 2 * static_cast<int>(context_tree::rounds));
}

TEST(frames, a_chain_on_the_stack_becomes_a_context_and_is_remembered_in_its_frames) {
  hooks::frame chain[3];  // chain[2] is the root
  chain[0] = {&chain[1], nullptr, 0, 0};
  chain[1] = {&chain[2], &program.site[1], 0, 0};
  chain[2] = {nullptr, &program.site[0], 0, 0};
  const stack_window w{reinterpret_cast<std::uintptr_t>(chain), reinterpret_cast<std::uintptr_t>(chain + 3)};
  const context_id c = context_of(known, &chain[0], w);
  EXPECT_EQ(c, contexts.intern(contexts.intern(context_id::root, call_in(0)), call_in(1)));
  EXPECT_EQ(chain[0].context, static_cast<std::uint32_t>(c));
}

TEST(frames, a_deep_chain_is_interned_without_recursion) {
  std::vector<hooks::frame> chain(100'000);
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) chain[i] = {&chain[i + 1], &program.site[1], 0, 0};
  chain.back() = {nullptr, &program.site[0], 0, 0};
  const stack_window w{reinterpret_cast<std::uintptr_t>(chain.data()),
                       reinterpret_cast<std::uintptr_t>(chain.data() + chain.size())};
  EXPECT_TRUE(contexts.folded(context_of(known, chain.data(), w)));
}

// More of them than a thread keeps, so that they take each other's places.
TEST(frames, a_call_leads_to_the_same_context_however_often_it_is_asked) {
  static hooks::site many[400];
  for (hooks::site& s : many) s.kind = hooks::site_kind::call;
  sites.add(many, many + std::size(many));
  std::vector<context_id> parents = {context_id::root};
  for (const hooks::site& s : many) parents.push_back(contexts.intern(context_id::root, sites.id_of(&s)));
  for (const hooks::site* s : {&many[0], &many[1]})
    for (int round = 0; round < 2; ++round)
      for (const context_id parent : parents)
        ASSERT_EQ(known.context_of(s, parent), contexts.intern(parent, sites.id_of(s)));
  for (const context_id parent : {parents[0], parents[1]})
    for (const hooks::site& s : many)
      ASSERT_EQ(known.context_of(&s, parent), contexts.intern(parent, sites.id_of(&s)));
  for (const hooks::site& s : many) ASSERT_TRUE(known.know(&s));
  EXPECT_FALSE(known.know(nullptr));
  EXPECT_FALSE(known.know(reinterpret_cast<const hooks::site*>(0xc)));
}

TEST(frames, stale_links_are_not_followed) {
  hooks::frame stale{reinterpret_cast<hooks::frame*>(8), &program.site[0], 0, 0};
  hooks::frame top{&stale, &program.site[1], 0, 0};
  const auto at = reinterpret_cast<std::uintptr_t>(&top);
  EXPECT_EQ(valid_top(known, &top, {at + 8, at + 4096}), nullptr);  // below the stack pointer
  EXPECT_EQ(valid_top(known, &top, {at, at + 8}), nullptr);         // beyond the stack
  EXPECT_EQ(context_of(known, &top, {at, at + sizeof top}),
            context_id::root);  // its caller is not on the stack
  hooks::frame loop{&loop, &program.site[1], 0, 0};
  const auto l = reinterpret_cast<std::uintptr_t>(&loop);
  EXPECT_EQ(context_of(known, &loop, {l, l + 4096}), context_id::root);
}

// Cleanup code that runs over unwound frames leaves anything in them.
TEST(frames, what_names_no_known_call_or_context_is_not_believed) {
  hooks::frame chain[2];
  const stack_window w{reinterpret_cast<std::uintptr_t>(chain), reinterpret_cast<std::uintptr_t>(chain + 2)};
  chain[1] = {nullptr, reinterpret_cast<const hooks::site*>(0xc), 0, 0};
  EXPECT_EQ(valid_top(known, &chain[1], w), nullptr);
  chain[0] = {&chain[1], &program.site[0], 0, 0};
  EXPECT_EQ(valid_top(known, &chain[0], w), &chain[0]);
  EXPECT_EQ(context_of(known, &chain[0], w), context_id::root);
  chain[1] = {nullptr, &program.site[0], 0xfffffff0, 0};
  EXPECT_EQ(valid_top(known, &chain[1], w), nullptr);
  chain[1] = {nullptr,
              reinterpret_cast<const hooks::site*>(reinterpret_cast<const char*>(&program.site[1]) + 8), 0,
              0};
  EXPECT_EQ(valid_top(known, &chain[1], w), nullptr);
}

TEST(frames, a_leaf_access_belongs_to_the_call_in_progress) {
  hooks::frame root{nullptr, &program.site[0], 0, 0};
  const stack_window w{reinterpret_cast<std::uintptr_t>(&root), reinterpret_cast<std::uintptr_t>(&root + 1)};
  hooks::site access;
  access.flags = 0;
  EXPECT_EQ(place_of(known, &access, &root, w).context, context_id::root);
  access.flags = hooks::site_leaf;
  EXPECT_EQ(place_of(known, &access, &root, w).context, contexts.intern(context_id::root, call_in(0)));
}

}  // namespace
}  // namespace snag::detector
