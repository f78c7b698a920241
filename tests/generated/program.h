// SPDX-License-Identifier: Apache-2.0
#pragma once
// A small program as data: what generate() makes from a seed, source_of() writes as C++, and interpret()
// carries out by the rules of the language. The three share nothing else, so the source is checked against
// the rules.
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace snag::generated {

enum class lives { globally, in_root, on_heap, in_thread };

struct variable {
  std::string name, declaration;  // of its type: "u32", "record", "u16[4]", "std::atomic<u8>"
  lives where = lives::globally;
  int thread = 0;  // whose local it is
  int element = 4, count = 1;
  int size = 4;  // bytes
  bool atomic = false, is_record = false, is_odd = false;
  int pointee = -1;  // a pointer: to this variable at first
  int initial = 0;   // each element's
  // How threads usually come to it: under a mutex, after a look at a flag (another variable), atomically,
  // from one thread only, or as they like.
  enum class custom { locked, flagged, atomically, owned, any } usually = custom::any;
  int with = 0;  // the mutex, flag or thread
  int by = 0;    // flagged: the thread that sets the flag
};

// Bytes of a variable, and the expression that names them.
struct place {
  int variable = -1;  // -1: what the helper's reference parameter refers to
  int offset = 0, size = 4;
  int loop = -1;         // not -1: plus this loop's variable times `size`
  bool aligned = true;   // may be the target of a reference
  bool atomic = false;   // a std::atomic
  bool pointed = false;  // through the pointer `variable`
  std::string text;
};

enum class does {
  store,         // p = number
  store_read,    // p = what was read
  load,          // read += p
  bump,          // p += number
  peek,          // read += the bytes of p, which need not be what its type has there
  poke,          // the bytes of p = number
  choose,        // read += one of p, q, by a bit of what was read
  both,          // if (p == number && q != 0) read += 1: q is read only sometimes
  when,          // if (a bit of what was read) body else otherwise
  repeat,        // `number` times, or as often as two bits say: body
  call,          // helper `number`, given p
  copy,          // p = q, records
  fill,          // memset of p
  point,         // pointer p = address of variable `number`
  atomic_load,   // read += p
  atomic_store,  // p = number
  atomic_add,    // read += p.fetch_add(number)
  exchange,      // read += p.exchange(number)
  compare,       // p.compare_exchange(number → number + 1)
  when_set,      // if (p.load() != 0) body
  fence,
  turn,
  locked,  // body under mutex `number`
  spawn,   // body in a new thread
  join,
  await,  // the thread of spawn `number`
  done,   // group 0
  wait,   // group 0, of `number` members
};

struct node {
  does what;
  place p = {}, q = {};
  int number = 0, bit = 0;
  bool dynamic = false;              // repeat: by what was read
  bool joinable = false;             // spawn
  int order = 5, failure_order = 5;  // C11's numbers
  std::vector<node> body = {}, otherwise = {};
};

struct helper {
  int size;  // of the parameter
  bool inlined, accumulates_by_reference;
  std::vector<node> body;
};

struct program {
  std::uint64_t seed;
  std::vector<variable> variables;
  std::vector<helper> helpers;
  std::vector<node> root;
};

program generate(std::uint64_t seed);

// What a run comes to: the variables' bytes that were raced on, and a sum of all that was read.
struct outcome {
  std::set<std::pair<int, int>> racy;  // (variable, byte); variable -1: memory without a name
  std::uint64_t sum = 0;
};
std::string to_string(std::uint64_t seed, const outcome&);

// Carries the program out under a schedule drawn from its seed, which it returns in `schedule`.
outcome interpret(const program&, std::string& schedule);

std::string source_of(const program&, const std::string& schedule);

}  // namespace snag::generated
