/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  int* class = malloc(sizeof *class);
  *class = 'C';
  printf("%c\n", *class);
  free(class);
  return 0;
}
