// SPDX-License-Identifier: Apache-2.0
#pragma once
// What makes two findings the same one. Symbolic on purpose: no line, column, path, address or id, so that it
// is equal over seeds, runs, machines, optimisation levels and edits elsewhere in the file. It hashes
//   what:  the variable or field with its type; where it has no qualified name (a parameter, a local, *p),
//   also
//          the global's name or the function that allocated the block, and each access's calling function;
//   where: of both accesses, unordered: function, expression, and which of the function's lines with that
//          expression;
//   how:   plain, atomic, allocation or free. Not read or write: one `x = x + 1` is both.
// An access inside a library is the user's call that led there, plain, of no variable: two unordered
// push_backs meet at three members, the elements, an allocation and a free of the vector, and are one race.
// The names of lambdas lose their number. Pure; thread-safe.
#include "detector/finding.h"

namespace snag::detector {

string fingerprint(const finding&);  // 32 hexadecimal digits

// The same, whoever called the two places, and whichever of the function's lines with that expression they
// are: what stays equal when a caller is added or renamed. Different findings may share it.
string place_fingerprint(const finding&);

}  // namespace snag::detector
