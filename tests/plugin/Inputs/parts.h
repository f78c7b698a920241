// SPDX-License-Identifier: Apache-2.0
#pragma once
#ifdef __cplusplus
extern "C" {
#endif
extern int shared_counter;
void part_two(void);
void part_three(void);
void part_shared(void);
#ifdef __cplusplus
}
inline void __attribute__((noinline)) common() { ++shared_counter; }
#endif
