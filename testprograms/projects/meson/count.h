// SPDX-License-Identifier: Apache-2.0
#pragma once

// How many primes there are below `limit`, counted by several goroutines.
int count_primes(int limit);
