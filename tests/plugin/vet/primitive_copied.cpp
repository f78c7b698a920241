// SPDX-License-Identifier: Apache-2.0
// RUN: %vetxx -Xclang -verify -Xclang -verify-ignore-unexpected=note %s
// RUN: %clang -fplugin=%plugin -fplugin-arg-snag-vet-only -fsyntax-only -Xclang -verify -Xclang -verify-ignore-unexpected=note -x c %S/Inputs/copies.c
#include <pthread.h>
#include <semaphore.h>

#include <cstring>
#include <mutex>

struct account {
  pthread_mutex_t lock;
  int balance;
};

void by_initialisation(account& a) {
  account mine = a;  // expected-warning {{this copies a pthread_mutex_t: using a copy is undefined; pass a pointer or a reference [snag-primitive-copied]}}
  pthread_mutex_lock(&mine.lock);
}

void by_assignment(account& a, account& b) {
  a = b;  // expected-warning {{this copies a pthread_mutex_t}}
}

void pay(account);
void by_value(account& a) {
  pay(a);  // expected-warning {{this copies a pthread_mutex_t}}
}

void alone(sem_t& s) {
  sem_t mine = s;  // expected-warning {{this copies a sem_t}}
  sem_post(&mine);
}

struct box {
  std::mutex m;
  int n;
};
void by_bytes(box* to, box* from) {
  std::memcpy(to, from, sizeof(box));  // expected-warning {{memcpy copies a std::mutex: using a copy is undefined}}
}

void captured(account& a) {
  account& b = a;
  auto f = [b] { return b.balance; };  // expected-warning {{this copies a pthread_mutex_t}}
  f();
}

// --- Right, or perhaps.

void by_reference(account& a) {
  account& same = a;
  pthread_mutex_lock(&same.lock);
}

void made(account* to) {
  static const account pattern = {PTHREAD_MUTEX_INITIALIZER, 0};
  *to = pattern;
}

account returned() {
  account a = {PTHREAD_MUTEX_INITIALIZER, 1};
  return a;
}

struct plain {
  int a, b;
};
void without_one(plain* to, plain* from) {
  plain copy = *from;
  std::memcpy(to, &copy, sizeof(plain));
}

void a_part(account& a, account& b) {
  a.balance = b.balance;
  std::memcpy(&a.balance, &b.balance, sizeof(int));
}

struct careful {
  pthread_mutex_t lock;
  int n;
  careful(const careful& other) : lock(PTHREAD_MUTEX_INITIALIZER), n(other.n) {}
};
void its_own_copy(const careful& c) { careful mine = c; }
