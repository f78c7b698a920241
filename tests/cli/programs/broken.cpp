// SPDX-License-Identifier: Apache-2.0
// Does not compile: an error, and a warning before it.
int main() {
  int unused = 1;
  return undeclared + "text";
}
