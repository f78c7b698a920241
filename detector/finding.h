// SPDX-License-Identifier: Apache-2.0
#pragma once
// Findings as plain data: what the detector found, resolved to names, ready for any renderer. No pointers
// into the program, no addresses needed to understand one. The JSON schema (docs/findings.md) mirrors this
// file field by field. Allocates from the detector's own memory (internal_memory.h).
#include <cstdint>

#include "detector/src/internal_memory.h"

namespace snag::detector {

enum class finding_kind : std::uint8_t { race, deadlock, leak, misuse, panic };

struct source_frame {
  string function, file;
  std::uint32_t line = 0, column = 0;
  bool inlined = false;  // was inlined into the next frame
  bool runtime = false;  // in Snag's own headers
  bool library = false;  // in headers of the system: the standard library's, mostly
  string call;           // the expression being called or accessed, if known
};

struct actor_description {
  std::uint64_t id = 0;  // public id; 1 is main
  string kind;           // "goroutine", "thread"
  string name;           // user-given, or empty
  string state;          // "running", "finished"; empty if unknown
  std::uint64_t parent = 0;
  vector<source_frame> created_at;  // innermost first; empty for main
  bool recursion_folded = false;
};

struct lock_description {
  string kind;  // "mutex", "shared_mutex", "once", …
  string mode;  // "exclusive", "shared"
  string name;  // as the source calls it; empty if unknown
  std::uint64_t address = 0;
  vector<source_frame> taken_at;  // innermost first
};

struct access_description {
  string operation;  // "read", "write", "atomic read", "atomic write", "free", "allocation"
  std::uint64_t address = 0;
  std::uint32_t size = 0;  // bytes
  std::uint64_t actor = 0;
  vector<source_frame> stack;  // innermost first, inlined frames included
  bool recursion_folded = false;
  string expression, variable, type, declaration, capture;  // see hooks::site; empty if unknown
  string through;  // an access inside a library: the user's call that led to it: "v.push_back(1)"
  string object;   // and what that was called on, if it shows: "v"; or the argument that the bytes belong to
  // Of `object`: its type, where it was declared (of an element: its container), and bytes; empty or 0:
  // unknown.
  string object_type, object_declaration;
  std::uint64_t object_size = 0;
  bool in_argument = false;  // `object` is an argument
  bool only_object = false;  // the call can change nothing else
  // The way to the accessed bytes, elements numbered where that is known: "p->items[3].count"; and whose
  // field they are, if they are one.
  string path, record;
  std::int64_t field_offset = -1;     // in the record, bytes; -1: no field
  std::int64_t index = -1;            // of the innermost array that `path` goes through; -1: unknown, or none
  std::int64_t block_element = -1;    // of the heap block, if that is an array; -1: unknown
  vector<lock_description> locks;     // that its actor held, the latest first
  vector<source_frame> last_release;  // of its actor before it, innermost first; empty: there was none
  std::uint32_t ordinal = 0;          // how many earlier lines of the function contain the same expression
};

struct memory_description {          // what the address lies in
  string kind;                       // "global", "heap", "stack", "unknown"
  string module;                     // a global's executable or shared library
  string name;                       // the global's; of a block: what the pointer to it was stored in first
  std::uint64_t base = 0, size = 0;  // bytes, if known
  std::uint64_t owner = 0;           // goroutine whose stack it is, or who allocated it
  bool freed = false;                // of a heap block: it was freed before the report
  std::int64_t element = -1;         // of a heap block that is an array: which element; -1: unknown
  vector<source_frame> allocated_at;
};

// What is probably wrong, from the catalogue of causes (docs/hints.md).
struct hint {
  string rule;  // "captured-by-reference", …
  string text;  // a sentence about this program
};

// Somebody who holds what another waits for, or stands before it in the queue.
struct holder_description {
  std::uint64_t actor = 0;
  string mode;                    // "exclusive", "shared"; "queued": waits for it, before; "" of no lock
  vector<source_frame> taken_at;  // innermost first; of "queued": where it waits
};

// What a goroutine is parked for: one of these, or of several in a select.
struct wait_target_description {
  string operation;  // "lock", "lock for reading", "send", "receive", "wait", "join", …
  string kind;       // "mutex", "channel", "wait group", …; "nil channel"
  string name;       // as the source calls it; empty if unknown
  std::uint64_t address = 0;
  vector<holder_description> held_by;
  string reason;  // a sentence: why nobody brings it about
  // Of a channel or wait group that only those who wait still have: where the last handle of anybody else
  // went, and with whom; 0: unknown, or there was none.
  vector<source_frame> last_handle;  // innermost first
  std::uint64_t last_handle_of = 0;
};

// One line of the graph: who waits, where, for what.
struct wait_description {
  std::uint64_t actor = 0;
  string state;                // Go's words: "chan receive", "select", "sync.Mutex.Lock"
  vector<source_frame> stack;  // innermost first
  bool recursion_folded = false;
  double seconds = -1;      // that it has waited; -1: unknown
  std::uint64_t alike = 0;  // others that wait in the same way at the same place
  bool behind = false;      // not part of the cycle: waits for somebody in it
  vector<wait_target_description> targets;
};

// A leak_check that somebody in a finding belongs to.
struct scope_description {
  string name;  // empty: it has none
  string file;
  std::uint32_t line = 0;
  std::uint64_t count = 1;  // times seen there
  bool operator==(const scope_description& s) const {
    return name == s.name && file == s.file && line == s.line;
  }
};

// A go statement, or what else started a thread or timer: an edge that exists.
struct start_description {
  std::uint64_t actor = 0;
  string kind, name;
  std::uint64_t parent = 0;  // 0: nobody, or unknown
  vector<source_frame> at;   // innermost first; empty: unknown
};

// What backs a finding: a proof, a run that could have gone otherwise, or a guess where something could not
// be seen. Only what is proved gates unless the user says otherwise.
enum class certainty : std::uint8_t { proved, predicted, suspected };

struct finding {
  finding_kind kind = finding_kind::race;
  string rule;              // "data-race", …: the word for `snag explain`
  string message;           // one line
  string fingerprint;       // hex; equal for equal findings over runs, machines and unrelated edits
  std::uint64_t count = 1;  // times seen in this run
  vector<access_description> accesses;  // a race: the current access first, then the previous one
  memory_description memory;
  string missing_edge;  // of a race: a sentence about the order that would have been needed
  certainty backing = certainty::proved;
  // With a missing edge: how either side came to be, itself first, then who started it, and so on; and
  // whether the later side knows of the earlier one's last release, so that only what came after it is not
  // ordered.
  vector<start_description> starts;
  bool release_met = false;
  string shape;  // of a deadlock or leak: "lock cycle", "orphan", …
  vector<wait_description>
      waits;      // of a deadlock or leak: the smallest set that explains it, then who waits behind
  string remedy;  // a sentence: what would have let them go on, or have left nobody
  vector<scope_description> scopes;  // of a deadlock or leak
  bool addendum = false;             // was told of before: more wait behind it now
  vector<hint> hints;                // most telling first
  vector<actor_description> actors;  // everybody named above
};

}  // namespace snag::detector
