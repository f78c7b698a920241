// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a test program can ask of the logging hooks (logging_hooks.cpp): which stand in for the detector and
// print every access they are told of, so that what the plugin emits can be compared with what the source
// does.
#ifdef __cplusplus
extern "C" {
#endif

void log_begin(void);  // from now on, print each hook call
void log_end(void);
void log_object(const void*, unsigned long bytes);  // print where in this object an access lies, as "+offset"
unsigned long log_count(void);                      // access hooks called since log_begin, printed or not
unsigned log_depth(void);                           // frames linked at this moment
void log_stack(const char* why);                    // print the frames

// From now on this thread remembers what was checked, as a detector would: a repeated access stays inline.
void window_open(void);
void window_next(void);                         // a new epoch: nothing is remembered
void new_epoch(void);                           // as if this goroutine had released something
void forget(const void*, unsigned long bytes);  // as if another goroutine had recorded these bytes since
// As if the goroutine came back on another OS thread: another hot state is at gs, with a window of its own.
void migrate(void);

#ifdef __cplusplus
}
#endif
