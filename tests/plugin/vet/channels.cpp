// SPDX-License-Identifier: Apache-2.0
// RUN: %vetxx -Xclang -verify -Xclang -verify-ignore-unexpected=note %s
// close-after-close, send-after-close and receiver-closes.
#include <snag/chan.h>
#include <snag/defer.h>
#include <snag/go.h>
#include <snag/panic.h>
#include <snag/wait_group.h>

void unseen();
int work();

void twice() {
  snag::chan<int> c;
  c.close();
  c.close();  // expected-warning {{'c' is closed by now: this second close panics [snag-close-after-close]}}
}

void twice_by_defer() {
  snag::chan<int> c;
  snag::defer close([&] { c.close(); });  // expected-warning {{this second close panics}}
  c.close();
}

void after_both_branches(bool b, snag::chan<void> c) {
  if (b)
    c.close();
  else
    c.close();
  c.close();  // expected-warning {{second close}}
}

void in_a_loop(snag::chan<int> c) {
  c.close();
  while (work() > 0) c.close();  // expected-warning {{second close}}
}

void send_operator() {
  snag::chan<int> c(2);
  c.close();
  c << 1;  // expected-warning {{'c' is closed by now: this send panics [snag-send-after-close]}}
}

void send_method(snag::chan<void> c) {
  c.close();
  c.send();  // expected-warning {{this send panics}}
}

struct producer {
  snag::chan<int> out;
  void finish() {
    out.close();
    out << 0;  // expected-warning {{this send panics}}
  }
  void replaced() {
    out.close();
    out = snag::chan<int>(1);
    out << 0;
  }
  void may_be_replaced_between() {
    out.close();
    unseen();
    out << 0;
  }
};

void one_way(snag::send_chan<int> c, bool b) {
  c.close();
  if (b) c.send(2);  // expected-warning {{this send panics}}
}

int both_close() {
  snag::chan<int> c;
  snag::go([=] {
    c << work();
    c.close();
  });
  const int v = c.recv();
  c.close();  // expected-warning {{'c' is closed here, but the goroutine that sends on it closes it, too: the second close panics [snag-receiver-closes]}}
  return v;
}

int both_close_by_defer() {
  snag::chan<int> c;
  snag::go([c] {
    snag::defer close([&] { c.close(); });
    for (int i = 0; i < 3; ++i) c << i;
  });
  int sum = 0;
  for (int i = 0; i < 3; ++i) sum += c.recv();
  c.close();  // expected-warning {{closes it, too}}
  return sum;
}

int endless_sender() {
  snag::chan<int> c;
  snag::go([=] {
    for (int i = 0;; ++i) c << i;
  });
  const int v = c.recv();
  c.close();  // expected-warning {{goes on for ever: its next send panics}}
  return v;
}

void endless_while(snag::wait_group group) {
  snag::chan<void> tick;
  group.go([=] {
    while (true) {
      work();
      tick.send();
    }
  });
  tick.recv();
  tick.close();  // expected-warning {{goes on for ever}}
}

// --- Right, or perhaps.

void once() {
  snag::chan<int> c(1);
  c << 1;
  c.close();
  (void)c.recv();
}

void one_branch(bool b) {
  snag::chan<int> c(1);
  if (b) c.close();
  if (!b) c << 1;
}

void another_each_round() {
  for (int i = 0; i < 3; ++i) {
    snag::chan<int> c(1);
    c << i;
    c.close();
  }
}

void assigned_to() {
  snag::chan<int> c(1);
  c.close();
  c = snag::chan<int>(1);
  c << 1;
}

void meant() {
  snag::chan<int> c;
  c.close();
  try {
    c.close();
  } catch (const snag::panic_error&) {
  }
}

void asks_first(snag::chan<int> c, snag::chan<int> d) {
  c.close();
  d.close();
}

int the_sender_closes() {
  snag::chan<int> c;
  snag::go([=] {
    c << 1;
    c.close();
  });
  return c.recv();
}

int counted() {
  snag::chan<int> c;
  snag::go([=] { c << 1; });
  const int v = c.recv();
  c.close();
  return v;
}

int stops_by_itself(snag::chan<void> stop) {
  snag::chan<int> c;
  snag::go([=] {
    for (int i = 0;; ++i) {
      if (i > 10) return;
      c << i;
    }
  });
  const int v = c.recv();
  c.close();
  return v;
}

int closes_only_if_nobody_did() {
  snag::chan<int> c;
  snag::go([=] {
    if (work() == 0) {
      c.close();
      return;
    }
    c << 1;
  });
  const int v = c.recv();
  c.close();
  return v;
}
