// SPDX-License-Identifier: Apache-2.0
#pragma once
// A library that the plugin never saw.
void call_and_swallow(void (*f)());  // catches whatever f throws
void call_and_rethrow(void (*f)());
