// SPDX-License-Identifier: Apache-2.0
#include "detector/render_words.h"

#include "detector/src/text.h"

namespace snag::detector {

const char* word(finding_kind k) {
  switch (k) {
    case finding_kind::race:
      return "race";
    case finding_kind::deadlock:
      return "deadlock";
    case finding_kind::leak:
      return "leak";
    case finding_kind::misuse:
      return "misuse";
    case finding_kind::panic:
      return "panic";
  }
  return "";
}

const char* word(certainty c) {
  switch (c) {
    case certainty::proved:
      return "proved";
    case certainty::predicted:
      return "predicted";
    case certainty::suspected:
      return "suspected";
  }
  return "";
}

const source_frame* user_frame(const vector<source_frame>& stack) {
  const source_frame* second_best = nullptr;
  for (const source_frame& f : stack) {
    if (f.runtime) continue;
    if (!f.library) return &f;
    if (!second_best) second_best = &f;
  }
  return second_best;
}

string actor_word(const finding& f, std::uint64_t id) {
  string out;
  if (id == 1) return "main goroutine";
  for (const actor_description& a : f.actors)
    if (a.id == id) append(out, a.kind, " ", id);
  return out.empty() ? string("an unknown goroutine") : out;
}

void append_place(string& out, const access_description& a) {
  append(out, a.operation);
  if (const source_frame* f = user_frame(a.stack); f && !f->file.empty())
    append(out, " at ", f->file, ":", f->line);
}

const char* last_handle_word(const wait_target_description& t) {
  return t.operation == "receive" ? "sender" : t.operation == "send" ? "receiver" : "other handle";
}

}  // namespace snag::detector
