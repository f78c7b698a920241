# SPDX-License-Identifier: Apache-2.0
# Checks a whole project for data races, without a change to it:
#   cmake -B build-race --toolchain PREFIX/lib/cmake/snag/race-toolchain.cmake
# The plugin's name is snag-c++'s -race in words that clangd and ccache understand. The standard is its default, said
# for clangd; what the project asks for comes after it and wins.
get_filename_component(snag_prefix "${CMAKE_CURRENT_LIST_FILE}" REALPATH)
get_filename_component(snag_prefix "${snag_prefix}/../../../.." ABSOLUTE)
set(CMAKE_C_COMPILER ${snag_prefix}/bin/snag-cc)
set(CMAKE_CXX_COMPILER ${snag_prefix}/bin/snag-c++)
set(CMAKE_C_FLAGS_INIT "-fplugin=${snag_prefix}/lib/snag/snag-plugin.so")
if(NOT snag_prefix MATCHES "^/usr(/local)?$")
  string(APPEND CMAKE_C_FLAGS_INIT " -isystem ${snag_prefix}/include")
endif()
set(CMAKE_CXX_FLAGS_INIT "-std=c++20 ${CMAKE_C_FLAGS_INIT}")
