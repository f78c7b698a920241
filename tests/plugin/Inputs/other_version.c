// SPDX-License-Identifier: Apache-2.0
void LLVMGetVersion(unsigned* major, unsigned* minor, unsigned* patch) {
  *major = 17;
  *minor = *patch = 0;
}
