// SPDX-License-Identifier: Apache-2.0
#include "tests/detector/report/races.h"

namespace snag::detector::fake {
namespace {

// A global that the races are about: reports find its name in this test's symbol table.
constinit int counter = 0;

source_frame frame(const char* function, const char* file, unsigned line, unsigned column, const char* call) {
  source_frame f;
  f.function = function;
  f.file = file;
  f.line = line;
  f.column = column;
  f.call = call;
  return f;
}

}  // namespace

finding counter_finding() {
  finding f;
  f.rule = "data-race";
  f.message = "data race on counter (int): write at app.cpp:12 and read at app.cpp:25";
  f.fingerprint = "0123456789abcdef0123456789abcdef";
  access_description write;
  write.operation = "write";
  write.address = 0x55555555a040;
  write.size = 4;
  write.actor = 7;
  write.expression = "counter++";
  write.variable = "counter";
  write.type = "int";
  write.declaration = "app.cpp:5";
  write.stack = {frame("bump()", "app.cpp", 12, 10, "counter++"),
                 frame("main::$_0::operator()() const", "app.cpp", 20, 31, "bump()")};
  access_description read = write;
  read.operation = "read";
  read.actor = 1;
  read.expression = "counter";
  read.stack = {frame("main", "app.cpp", 25, 3, "counter")};
  f.accesses = {write, read};
  actor_description feeder;
  feeder.id = 7;
  feeder.kind = "goroutine";
  feeder.name = "feeder";
  feeder.state = "running";
  feeder.parent = 1;
  feeder.created_at = {frame("main", "app.cpp", 20, 3, "snag::go({.name = \"feeder\"}, …)")};
  actor_description first;
  first.id = 1;
  first.kind = "goroutine";
  first.state = "running";
  f.actors = {feeder, first};
  f.memory.kind = "global";
  f.memory.name = "counter";
  f.memory.module = "app";
  f.memory.base = 0x55555555a040;
  f.memory.size = 4;
  return f;
}

counter_race make_counter_race(unsigned shift, const char* lambda) {
  counter_race r;
  r.created = add_site({.kind = hooks::site_kind::call,
                        .line = 20 + shift,
                        .column = 3,
                        .file = "app.cpp",
                        .function = "main",
                        .expression = "snag::go(bump)"});
  r.call = add_site({.kind = hooks::site_kind::call,
                     .line = 20 + shift,
                     .column = 31,
                     .file = "app.cpp",
                     .function = lambda,
                     .expression = "bump()"});
  r.write = add_site({.kind = hooks::site_kind::write,
                      .flags = hooks::site_read_before,
                      .line = 12 + shift,
                      .column = 10,
                      .size = 4,
                      .file = "app.cpp",
                      .function = "bump()",
                      .expression = "counter++",
                      .variable = "counter",
                      .type = "int",
                      .declaration = "app.cpp:5"});
  r.read = add_site({.kind = hooks::site_kind::read,
                     .line = 25 + shift,
                     .column = 3,
                     .size = 4,
                     .file = "app.cpp",
                     .function = "main",
                     .expression = "counter",
                     .variable = "counter",
                     .type = "int",
                     .declaration = "app.cpp:5"});
  world& w = the_world();
  const auto id = events::goroutine_id{7};
  w.actors[id] = {id,
                  events::goroutine_id::main,
                  events::actor_kind::goroutine,
                  "feeder",
                  false,
                  r.created,
                  context_id::root};
  w.actors[events::goroutine_id::main] = {events::goroutine_id::main,
                                          events::goroutine_id::none,
                                          events::actor_kind::goroutine,
                                          nullptr,
                                          false,
                                          nullptr,
                                          context_id::root};
  r.race.address = reinterpret_cast<std::uint64_t>(&counter);
  r.race.current = {id, access_kind::write, 4, r.write, add_context({r.call})};
  r.race.previous = {events::goroutine_id::main, access_kind::read, 4, r.read, context_id::root};
  return r;
}

}  // namespace snag::detector::fake
