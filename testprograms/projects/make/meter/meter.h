/* SPDX-License-Identifier: Apache-2.0 */
#ifndef METER_H
#define METER_H
/* A thermometer that a thread of its own reads. */
#ifdef __cplusplus
extern "C" {
#endif

extern int meter_readings; /* how many there are so far; written by the meter's thread */
extern int meter_values[64];

int meter_start(void); /* 0, or an errno value */
void meter_stop(void); /* waits for the thread */

#ifdef __cplusplus
}
#endif
#endif
