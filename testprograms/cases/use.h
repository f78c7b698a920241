// SPDX-License-Identifier: Apache-2.0
#pragma once
// use(x) reads x where it is called, at every optimisation level: a read whose value goes nowhere is no read
// in the program that the compiler makes.

template <class T>
[[gnu::noinline]] void use(T value) {
  asm volatile("" : : "r"(&value) : "memory");
}
