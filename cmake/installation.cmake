# SPDX-License-Identifier: Apache-2.0
# What other CMake projects find, in an installation and in this tree (FetchContent), and packages.
include(CMakePackageConfigHelpers)
find_package(Boost 1.81 REQUIRED CONFIG COMPONENTS context)
find_package(fmt 9 REQUIRED)
find_package(LLVM 19.1 REQUIRED CONFIG HINTS /usr/lib/llvm-19)
set(SNAG_CMAKE_DIRECTORY lib/cmake/snag)
configure_file(cmake/snag-config.cmake.in ${PROJECT_BINARY_DIR}/cmake/snag-config.cmake @ONLY)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmake/snag-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cmake/snag-config.cmake ${PROJECT_BINARY_DIR}/cmake/snag-config-version.cmake
  cmake/snag.cmake cmake/race-toolchain.cmake DESTINATION ${SNAG_CMAKE_DIRECTORY})
install(FILES LICENSE DESTINATION share/doc/snag RENAME copyright)
install(FILES README.md DESTINATION share/doc/snag)
install(DIRECTORY docs DESTINATION share/doc/snag)

if(NOT PROJECT_IS_TOP_LEVEL)
  # Built when something of it is used, and no part of what the project installs.
  set_property(DIRECTORY PROPERTY EXCLUDE_FROM_ALL ON)
  add_library(snag::runtime ALIAS snag_runtime)
  add_library(snag::detector ALIAS snag_detector)
  add_library(snag::plugin ALIAS snag_plugin)
  # A compilation waits for no library, but for such a target.
  add_custom_target(snag_plugin_built)
  add_dependencies(snag_plugin_built snag_plugin)
  set(snag_headers ${PROJECT_SOURCE_DIR}/runtime/include)
  set(snag_llvm_major ${LLVM_VERSION_MAJOR})
  include(cmake/snag.cmake)
  return()
endif()

add_custom_target(uninstall
  COMMAND ${CMAKE_COMMAND} -D MANIFEST=${PROJECT_BINARY_DIR}/install_manifest.txt -P ${PROJECT_SOURCE_DIR}/cmake/uninstall.cmake
  VERBATIM)

# A package is for the distribution that it is built on: it needs that one's clang, Boost and fmt (docs/install.md).
if(EXISTS /etc/os-release)
  foreach(key ID VERSION_ID)
    file(STRINGS /etc/os-release ${key} REGEX "^${key}=")
    string(REGEX REPLACE "^${key}=\"?([^\"]*)\"?$" "\\1" ${key} "${${key}}")
  endforeach()
  string(REPLACE debian deb ID "${ID}")
  set(CPACK_DEBIAN_PACKAGE_RELEASE 1~${ID}${VERSION_ID})
endif()
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The authors of Snag")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Goroutines and channels for C++, and a race detector that knows them")
set(CPACK_PACKAGE_DESCRIPTION "The library, the command line snag, and snag-c++ and snag-cc, which take the place of the
compiler in any build system. Plain C and C++ programs of threads are checked, too.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
math(EXPR next_fmt "${fmt_VERSION_MAJOR} + 1")
string(JOIN ", " CPACK_DEBIAN_PACKAGE_DEPENDS
  "clang-${LLVM_VERSION_MAJOR} (>= 1:${LLVM_VERSION_MAJOR}.1)"
  "libboost-context${Boost_VERSION_MAJOR}.${Boost_VERSION_MINOR}-dev"
  "libfmt-dev (>= ${fmt_VERSION_MAJOR}), libfmt-dev (<< ${next_fmt})")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, libboost${Boost_VERSION_MAJOR}.${Boost_VERSION_MINOR}-dev")
include(CPack)
