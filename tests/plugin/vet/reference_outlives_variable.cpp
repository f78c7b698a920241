// SPDX-License-Identifier: Apache-2.0
// RUN: %vetxx -Xclang -verify -Xclang -verify-ignore-unexpected=note %s
#include <snag/chan.h>
#include <snag/context.h>
#include <snag/defer.h>
#include <snag/err_group.h>
#include <snag/go.h>
#include <snag/wait_group.h>

#include <string>
#include <thread>
#include <vector>

void use(int);  // not in sight: it may wait
void use(const std::string&);
void load(const std::string& text) { (void)text.size(); }
snag::chan<void> finished;

// --- What ends too early.

void started_and_left() {
  int x = 1;
  snag::go([&x] { ++x; });  // expected-warning {{the goroutine refers to 'x', whose life ends before anything waits for the goroutine [snag-reference-outlives-variable]}}
}

void it_tells_but_nobody_listens() {
  int progress = 0;
  snag::go([&progress] {  // expected-warning {{refers to 'progress'}}
    ++progress;
    finished.send();
  });
}

void each_round_has_its_own(const std::vector<std::string>& names) {
  snag::wait_group group;
  for (const std::string& name : names) {
    std::string path = "/" + name;
    group.go([&] { load(path); });  // expected-warning {{refers to 'path'}}
  }
  group.wait();
}

void the_loop_variable() {
  snag::wait_group group;
  for (int i = 0; i < 3; ++i) group.go([&] { use(i); });  // expected-warning {{refers to 'i'}}
  group.wait();
}

void a_parameter(std::string text) {
  snag::go([&] { use(text); });  // expected-warning {{refers to 'text'}}
}

void a_detached_thread(int n) {
  std::thread([&n] { ++n; }).detach();  // expected-warning {{the thread refers to 'n'}}
}

void a_thread_detached_later() {
  int n = 0;
  std::thread worker([&n] { ++n; });  // expected-warning {{the thread refers to 'n'}}
  worker.detach();
}

void by_std_ref() {
  int n = 0;
  snag::go([](int& m) { ++m; }, std::ref(n));  // expected-warning {{refers to 'n'}}
}

void by_address() {
  int n = 0;
  snag::go([p = &n] { ++*p; });  // expected-warning {{refers to 'n'}}
}

bool one_way_out_is_early(int limit) {
  int n = 0;
  snag::wait_group group;
  group.go([&] { ++n; });  // expected-warning {{refers to 'n'}}
  if (limit == 0) return false;
  group.wait();
  return n > limit;
}

void a_named_lambda() {
  int n = 0;
  auto work = [&n] { ++n; };  // expected-warning {{refers to 'n'}}
  snag::go(work);
}

void a_group_of_its_own_and_calls_between() {
  snag::err_group group;
  for (int i = 0; i < 2; ++i) {
    int square = i * i;
    group.go([&] { (void)(square + 1); });  // expected-warning {{refers to 'square'}}
    use(i);  // the group is this function's alone, and the goroutine tells nobody else
  }
  (void)group.wait();
}

template <class T>
void in_a_template(T value) {
  snag::go([&] { ++value; });  // expected-warning {{refers to 'value'}}
}
template void in_a_template(int);

auto in_a_lambda = [] {
  int n = 0;
  snag::go([&] { ++n; });  // expected-warning {{refers to 'n'}}
};

// --- What does not, or might not.

void waited_for() {
  int n = 0;
  snag::wait_group group;
  group.go([&] { ++n; });
  group.wait();
}

void waited_for_in_each_round() {
  for (int i = 0; i < 3; ++i) {
    int n = i;
    snag::wait_group group;
    group.go([&] { ++n; });
    group.wait();
  }
}

void received_from() {
  int n = 0;
  snag::chan<void> done;
  snag::go([&n, done] {
    ++n;
    done.send();
  });
  done.recv();
}

void waited_for_by_a_deferred_function() {
  int n = 0;
  snag::wait_group group;
  snag::defer wait([&] { group.wait(); });
  group.go([&] { ++n; });
}

void by_copy() {
  int n = 0;
  snag::go([=] { use(n); });
}

void joined() {
  int n = 0;
  std::thread worker([&] { ++n; });
  worker.join();
}

void joins_by_itself() {
  int n = 0;
  std::jthread worker([&] { ++n; });
}

void static_life() {
  static int n = 0;
  snag::go([&] { ++n; });
}

void a_reference_to_somebody_elses(int& theirs) {
  snag::go([&] { ++theirs; });
}

void somebody_may_wait(int n) {
  snag::go([&] {
    ++n;
    finished.send();
  });
  use(1);
}

void started_only_if_waited_for(bool parallel) {
  int n = 0;
  snag::wait_group group;
  if (parallel) group.go([&] { ++n; });
  if (!parallel) return;
  group.wait();
}

struct waits_at_its_end {
  snag::wait_group group;
  ~waits_at_its_end() { group.wait(); }
};
void a_class_that_waits() {
  int n = 0;
  waits_at_its_end all;
  all.group.go([&] { ++n; });
}

void a_member_group_that_others_wait_for(waits_at_its_end& all, int n) {
  all.group.go([&] { use(n); });
  use(2);
}

void told_by_the_end_of_a_capture(snag::context parent) {
  int n = 0;
  auto [ctx, cancel] = snag::with_cancel(parent);
  snag::go([&n, cancel = std::move(cancel)] { ++n; });
  ctx.done().recv();
}

void for_ever() {
  int n = 0;
  snag::go([&] { ++n; });
  for (;;) {
  }
}

int main() {
  int lives_as_long_as_the_program = 0;
  snag::go([&] { ++lives_as_long_as_the_program; });
}
