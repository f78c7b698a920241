// SPDX-License-Identifier: Apache-2.0
// RUN: %vetxx -Xclang -verify -Xclang -verify-ignore-unexpected=note %s
#include <snag/chan.h>
#include <snag/defer.h>
#include <snag/go.h>
#include <snag/wait_group.h>

#include <thread>

void work();

void counts_itself() {
  snag::wait_group group;
  snag::go([=] {
    group.add(1);  // expected-warning {{the goroutine counts itself in: the wait may come first, and return at once [snag-add-inside-goroutine]}}
    work();
    group.done();
  });
  group.wait();
}

void in_a_loop() {
  snag::wait_group group;
  for (int i = 0; i < 3; ++i) {
    snag::go([&group] {
      group.add();  // expected-warning {{counts itself in}}
      snag::defer done([&] { group.done(); });
      work();
    });
  }
  group.wait();
}

void of_a_thread() {
  snag::wait_group group;
  std::thread worker([=] {
    group.add(1);  // expected-warning {{the thread counts itself in}}
    group.done();
  });
  group.wait();
  worker.join();
}

void with_a_name() {
  snag::wait_group group;
  snag::go({.name = "worker"}, [=] {
    group.add(1);  // expected-warning {{counts itself in}}
    group.done();
  });
  group.wait();
}

// --- Right, or perhaps.

void counted_before() {
  snag::wait_group group;
  group.add(1);
  snag::go([=] {
    work();
    group.done();
  });
  group.wait();
}

void counts_its_child() {
  snag::wait_group group;
  group.go([=] {
    group.add(1);
    snag::go([=] { group.done(); });
  });
  group.wait();
}

void counted_already() {
  snag::wait_group group;
  group.add(1);
  snag::go([=] {
    group.add(1);
    group.done();
    group.done();
  });
  group.wait();
}

void waits_only_after_a_sign() {
  snag::wait_group group;
  snag::chan<void> counted;
  snag::go([=] {
    group.add(1);
    counted.send();
    group.done();
  });
  counted.recv();
  group.wait();
}

void of_the_caller(snag::wait_group group) {
  snag::go([=] {
    group.add(1);
    group.done();
  });
  group.wait();
}

void never_waited_for() {
  snag::wait_group group;
  snag::go([=] {
    group.add(1);
    group.done();
  });
}
