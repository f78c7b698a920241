/* SPDX-License-Identifier: Apache-2.0 */
#include "meter/meter.h"

#include <pthread.h>

int meter_readings;
int meter_values[64];

static pthread_t reader;

static void* read_all(void* unused) {
  (void)unused;
  for (int i = 0; i < 64; ++i) {
    meter_values[i] = 20 + i % 5;
    meter_readings = i + 1;
  }
  return 0;
}

int meter_start(void) { return pthread_create(&reader, 0, read_all, 0); }
void meter_stop(void) { pthread_join(reader, 0); }
