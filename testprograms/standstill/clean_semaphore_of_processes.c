// SPDX-License-Identifier: Apache-2.0
// Another process posts, which only the kernel knows.
// verdict: clean 20/20
#include <semaphore.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "look.h"

int main(void) {
  sem_t* const ring = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (ring == MAP_FAILED || sem_init(ring, 1, 0) != 0) return 1;
  const pid_t child = fork();
  if (child == 0) {
    const struct timespec a_while = {0, 20000000};
    nanosleep(&a_while, NULL);
    sem_post(ring);
    _exit(0);
  }
  while (sem_wait(ring) != 0) {
  }
  waitpid(child, NULL, 0);
  return 0;
}
