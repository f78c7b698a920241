# SPDX-License-Identifier: Apache-2.0
# Checks a whole project for data races, without a change to it:
#   cmake -B build-race --toolchain PREFIX/lib/cmake/snag/race-toolchain.cmake
# The plugin's name is snag-c++'s -race in words that clangd and ccache understand. The standard is its default, said
# for clangd; what the project asks for comes after it and wins.
# All of it belongs to the compiler (CMAKE_<LANG>_COMPILER may be a list), not to CMAKE_<LANG>_FLAGS: those a project, or
# somebody's -DCMAKE_CXX_FLAGS, replaces, and then nothing would be checked and every test pass.
get_filename_component(snag_prefix "${CMAKE_CURRENT_LIST_FILE}" REALPATH)
get_filename_component(snag_prefix "${snag_prefix}/../../../.." ABSOLUTE)
set(snag_words -fplugin=${snag_prefix}/lib/snag/snag-plugin.so)
if(NOT snag_prefix MATCHES "^/usr(/local)?$")
  list(APPEND snag_words -isystem ${snag_prefix}/include)
endif()
set(CMAKE_C_COMPILER ${snag_prefix}/bin/snag-cc ${snag_words})
set(CMAKE_CXX_COMPILER ${snag_prefix}/bin/snag-c++ -std=c++20 ${snag_words})
