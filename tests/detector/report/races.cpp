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

finding lock_cycle_finding() {
  const auto frame = [](const char* function, unsigned line, const char* call) {
    source_frame f;
    f.function = function;
    f.file = "bank.cpp";
    f.line = line;
    f.column = 3;
    f.call = call;
    return f;
  };
  const auto waits = [&](std::uint64_t who, const char* lock, std::uint64_t holder, unsigned line) {
    wait_description w;
    w.actor = who;
    w.state = "lock";
    w.stack.push_back(frame("transfer(account&, account&)", line, "to.m.lock()"));
    w.seconds = 1.5;
    wait_target_description t;
    t.operation = "lock";
    t.kind = "mutex";
    t.name = lock;
    t.address = 0x1000 * holder;
    t.reason = "held by goroutine ";
    t.reason += holder == 7 ? "7 since bank.cpp:10" : "8 since bank.cpp:20";
    holder_description h;
    h.actor = holder;
    h.mode = "exclusive";
    h.taken_at.push_back(frame("transfer(account&, account&)", line - 1, "from.m.lock()"));
    t.held_by.push_back(h);
    w.targets.push_back(t);
    return w;
  };
  finding f;
  f.kind = finding_kind::deadlock;
  f.rule = "lock-cycle";
  f.shape = "lock cycle";
  f.memory.kind = "unknown";
  f.message = "lock cycle: goroutine 7, goroutine 8";
  f.fingerprint = "0123456789abcdef0123456789abcdef";
  f.waits.push_back(waits(7, "yours.m", 8, 11));
  f.waits.push_back(waits(8, "mine.m", 7, 21));
  wait_description behind;
  behind.actor = 1;
  behind.state = "wait";
  behind.stack.push_back(frame("main", 40, "done.wait()"));
  behind.behind = true;
  wait_target_description group;
  group.operation = "wait";
  group.kind = "wait group";
  group.name = "done";
  group.address = 0x9000;
  group.reason =
      "nobody who can still run has it to count down; the last other handle went at bank.cpp:44, by "
      "goroutine 7";
  group.last_handle.push_back(frame("count_twice(snag::wait_group)", 44, ""));
  group.last_handle_of = 7;
  behind.targets.push_back(group);
  f.waits.push_back(behind);
  for (const std::uint64_t id : {7, 8}) {
    actor_description a;
    a.id = id;
    a.kind = "goroutine";
    a.state = "waiting";
    a.parent = 1;
    a.created_at.push_back(frame("main", 30, "snag::go([&] {...})"));
    f.actors.push_back(a);
  }
  actor_description main;
  main.id = 1;
  main.kind = "goroutine";
  main.state = "waiting";
  f.actors.push_back(main);
  f.remedy = "all of them took these locks in the same order";
  return f;
}

finding still_running_finding() {
  finding f = lock_cycle_finding();
  f.kind = finding_kind::leak;
  f.rule = "still-running";
  f.shape = "still running";
  f.waits.resize(2);
  f.actors.resize(2);
  f.waits[0].state = "sleep";
  f.waits[0].targets[0] = {};
  f.waits[0].targets[0].operation = "sleep";
  f.waits[0].targets[0].kind = "time";
  f.waits[0].targets[0].reason = "it goes on by itself";
  f.waits[1].state = "running";
  f.waits[1].alike = 2;
  f.waits[1].seconds = -1;
  f.waits[1].stack.clear();
  f.waits[1].targets.clear();
  f.scopes.push_back({"orders", "bank_test.cpp", 12, 1});
  f.remedy = "whoever started them told them to end";
  return f;
}

finding thread_not_joined_finding() {
  finding f = lock_cycle_finding();
  f.kind = finding_kind::leak;
  f.rule = "thread-not-joined";
  f.shape = "thread not joined";
  f.waits.clear();
  f.actors.resize(1);
  f.actors[0].kind = "thread";
  f.actors[0].name = "worker";
  f.actors[0].state = "finished";
  f.message =
      "thread 7 and 3 more that were created at the same place have ended, and nobody joined or detached "
      "them";
  f.remedy = "each were joined";
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
