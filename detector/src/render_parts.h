// SPDX-License-Identifier: Apache-2.0
#pragma once
// What all text reports are made of.
#include <string_view>

#include "detector/finding.h"

namespace snag::detector {

// Of an access the innermost function is shown in any case: it is where the access is. Of a creation, an
// allocation or a wait the user's innermost call says all.
enum class innermost { always, users };

// Left out: Snag's own frames, the library's forwarding, whatever the library did before the user's outermost
// function, which is how a thread or goroutine starts, and all but the first of several of its frames in a
// row.
void append_stack(string& out, const vector<source_frame>& stack, bool folded, std::string_view if_empty,
                  innermost from = innermost::always);
void append_actor(string& out, const finding&, std::uint64_t id);  // "goroutine 7"
void append_creation(string& out, const actor_description&);
string capitalised(std::string_view word);

string render_deadlock(const finding&, bool colour);  // render_deadlock.cpp: all between the bars' lines
string render_again(const finding&);                  // a finding that was told of, in another scope
string render_addendum(const finding&);               // who waits behind a deadlock that was told of before

}  // namespace snag::detector
