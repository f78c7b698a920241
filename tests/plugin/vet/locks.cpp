// SPDX-License-Identifier: Apache-2.0
// RUN: %vetxx -Xclang -verify -Xclang -verify-ignore-unexpected=note %s
// lock-not-released and lock-held-already.
#include <pthread.h>
#include <snag/defer.h>
#include <snag/mutex.h>

#include <mutex>
#include <shared_mutex>

void unseen(int);
std::mutex m;
static std::mutex own;
static snag::mutex ours;
int value;

bool early_return(int n) {
  ours.lock();
  if (n < 0) return false;  // expected-warning {{'ours' is still locked when the function is left here [snag-lock-not-released]}}
  value = n;
  ours.unlock();
  return true;
}

void in_a_switch(int n) {
  m.lock();
  switch (n) {
    case 0:
      m.unlock();
      break;
    case 1:
      return;  // expected-warning {{'m' is still locked}}
    default:
      m.unlock();
  }
}

class counter {
 public:
  int take() {
    lock_.lock();
    unseen(1);  // cannot reach lock_
    if (n_ == 0) return -1;  // expected-warning {{'lock_' is still locked}}
    const int result = n_--;
    lock_.unlock();
    return result;
  }
 private:
  std::mutex lock_;
  int n_ = 0;
};

class meant_to_hold {
 public:
  void acquire() { lock_.lock(); }
  void release() { lock_.unlock(); }

 private:
  std::mutex lock_;
};

pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
int of_posix(int n) {
  pthread_mutex_lock(&plain);
  if (n == 1) return 0;  // expected-warning {{'plain' is still locked}}
  pthread_mutex_unlock(&plain);
  return 0;
}

void in_the_middle(int n) {
  ours.lock();
  while (n > 0) {
    if (--n == value) return;  // expected-warning {{'ours' is still locked}}
  }
  ours.unlock();
}

void guard_twice() {
  std::lock_guard a(m);
  ++value;
  std::lock_guard b(m);  // expected-warning {{'m' is held already: to lock it again waits for ever [snag-lock-held-already]}}
}

void lock_twice() {
  ours.lock();
  ours.lock();  // expected-warning {{'ours' is held already}}
  ours.unlock();
}

void scoped_and_plain() {
  std::scoped_lock both(m, own);
  own.lock();  // expected-warning {{'own' is held already}}
}

struct table {
  std::shared_mutex m;
  void write() {
    std::unique_lock hold(m);
    m.lock();  // expected-warning {{'m' is held already}}
    m.unlock();
  }
};

// --- Right, or perhaps.

void straight() {
  m.lock();
  ++value;
  m.unlock();
}

bool unlocked_on_each_way(int n) {
  m.lock();
  if (n < 0) {
    m.unlock();
    return false;
  }
  m.unlock();
  return true;
}

void locked_and_unlocked_if(bool parallel) {
  if (parallel) m.lock();
  ++value;
  if (parallel) m.unlock();
}

bool conditional_with_return(bool parallel) {
  if (parallel) m.lock();
  if (value == 0) return false;  // of those that locked, some may come here, and some that did not
  if (parallel) m.unlock();
  return true;
}

void adopted() {
  m.lock();
  std::lock_guard hold(m, std::adopt_lock);
}

void one_after_the_other() {
  {
    std::lock_guard hold(m);
  }
  std::lock_guard hold(m);
}

void unlocked_between() {
  std::unique_lock hold(m);
  hold.unlock();
  m.lock();
  m.unlock();
}

void recursive() {
  static std::recursive_mutex r;
  std::lock_guard a(r);
  std::lock_guard b(r);
}

struct node {
  std::mutex m;
  node* next = nullptr;
};
void hand_over_hand(node* n) {
  n->m.lock();
  while (n->next != nullptr) {
    n->next->m.lock();
    n->m.unlock();
    n = n->next;
  }
  n->m.unlock();
}

void for_ever(int n) {
  while (true) {
    m.lock();
    if (n == 0) std::terminate();
    m.unlock();
  }
}

void annotated() __attribute__((acquire_capability(ours))) __attribute__((no_thread_safety_analysis)) {
  ours.lock();
  if (value == 0) return;
  ours.unlock();
  ours.lock();
}

void two_objects(counter& a, counter& b, node& x, node& y) {
  x.m.lock();
  y.m.lock();
  y.m.unlock();
  x.m.unlock();
}

static void unlock_in_sight() { m.unlock(); }
bool by_another_function(int n) {
  m.lock();
  if (n == 0) {
    unlock_in_sight();
    return false;
  }
  m.unlock();
  return true;
}

bool deferred(int n) {
  m.lock();
  snag::defer unlock([] { m.unlock(); });
  if (n == 0) return false;
  unlock_in_sight();
  m.lock();
  return true;
}

void locks_unless_it_gives_up(int n) {
  m.lock();
  if (n > 0) {
    m.unlock();
    return;
  }
  value = 2;
}

// Its caller can tell from the result whether it holds the mutex.
bool enter(int n) {
  m.lock();
  if (n == 0) {
    m.unlock();
    return false;
  }
  return true;
}

node* find_and_lock(node* n) {
  m.lock();
  if (n->next != nullptr) return n->next;
  m.unlock();
  return nullptr;
}

// Somebody in this file unlocks what this one locks.
static std::mutex handed_on;
bool begin_use(int n) {
  handed_on.lock();
  if (n == 0) return true;
  handed_on.unlock();
  return false;
}
void end_use() { handed_on.unlock(); }

class gate {
 public:
  bool enter(int n) {
    lock_.lock();
    if (n == 0) return true;
    lock_.unlock();
    return false;
  }
  void leave() { lock_.unlock(); }

 private:
  std::mutex lock_;
};

// As Boost's posix_mutex does.
class wrapper {
 public:
  void lock() {
    const int result = pthread_mutex_lock(&mutex_);
    if (result == 1) {
      pthread_mutex_unlock(&mutex_);
      throw result;
    }
    if (result != 0) throw result;
  }

 private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
};
