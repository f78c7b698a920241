// SPDX-License-Identifier: Apache-2.0
// A named semaphore, opened twice; trywait says EAGAIN, and the message is read.
// verdict: race 20/20
// race: message
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

static sem_t *to_reader, *to_writer;
static int message;

static void* write_message(void* unused) {
  message = 3;  // <- 1
  sem_wait(to_writer);
  sem_post(to_reader);
  return unused;
}

static sem_t* open_again(const char* what, int flags) {
  char name[64];
  snprintf(name, sizeof name, "/threads-%s-%d", what, (int)getpid());
  sem_t* s = sem_open(name, flags, 0600, 0);
  if (!(flags & O_CREAT)) sem_unlink(name);
  return s;
}

int main(void) {
  to_reader = open_again("reader", O_CREAT | O_EXCL);
  to_writer = open_again("writer", O_CREAT | O_EXCL);
  sem_t* from_writer = open_again("reader", 0);
  sem_t* from_reader = open_again("writer", 0);
  pthread_t thread;
  pthread_create(&thread, 0, write_message, 0);
  const int empty = sem_trywait(from_writer) == -1 && errno == EAGAIN;
  int seen = message;  // <- 2
  sem_post(from_reader);
  sem_wait(from_writer);
  pthread_join(thread, 0);
  char text[12];  // or the optimiser, who knows both values, would not read it
  snprintf(text, sizeof text, "%d", seen);
  return !empty || text[0] > '3';
}
