// SPDX-License-Identifier: Apache-2.0
// A semaphore that processes share orders who posts before who waits; the child is the other process.
// verdict: clean 20/20
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
  sem_t from_child, from_parent;
  int answer;
};
static struct shared* shared;
static sem_t ready;
static int value;

static void* write_value(void* unused) {
  value = 42;
  sem_post(&ready);
  return unused;
}

int main(void) {
  shared = mmap(0, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  sem_init(&shared->from_child, 1, 0);
  sem_init(&shared->from_parent, 1, 0);
  sem_init(&ready, 1, 0);
  pid_t child = fork();
  if (child == 0) {
    sem_wait(&shared->from_parent);
    shared->answer = 1;
    sem_post(&shared->from_child);
    _exit(0);
  }
  sem_post(&shared->from_parent);
  sem_wait(&shared->from_child);
  int status, answer = shared->answer;
  waitpid(child, &status, 0);
  pthread_t writer;
  pthread_create(&writer, 0, write_value, 0);
  sem_wait(&ready);
  int seen = value;
  pthread_join(writer, 0);
  return seen != 42 || answer != 1 || status != 0;
}
