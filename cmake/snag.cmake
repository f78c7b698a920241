# SPDX-License-Identifier: Apache-2.0
# What a CMake project links and calls, from find_package(snag) and from FetchContent alike:
#   snag::snag                 the library
#   snag_enable_race(TARGET…)  checks what the targets' own sources do for data races
#   snag_add_test(TARGET …)     makes a target a test that snag test runs
# Whoever includes this has defined snag::runtime, perhaps snag::detector and snag::plugin, and says where the headers
# are and which clang the plugin fits: snag_headers, snag_llvm_major, and snag_bin if there are snag-c++ and snag-cc.
# The options are those of `snag c++` (cli/compile_command.cpp).
include_guard(GLOBAL)

# snag: snag-c++, which adds library and plugin itself; clang: loads the plugin; other.
function(snag_compiler_kind language result)
  get_filename_component(name "${CMAKE_${language}_COMPILER}" REALPATH)
  get_filename_component(name "${name}" NAME)
  set(kind other)
  if(name STREQUAL "snag")
    set(kind snag)
  elseif(CMAKE_${language}_COMPILER_ID STREQUAL "Clang" AND CMAKE_${language}_COMPILER_VERSION MATCHES "^${snag_llvm_major}\\.")
    set(kind clang)
  endif()
  set(${result} ${kind} PARENT_SCOPE)
endfunction()

set(snag_language CXX)
if(NOT CMAKE_CXX_COMPILER)
  set(snag_language C)
endif()
snag_compiler_kind(${snag_language} snag_kind)
set(snag_into_executable $<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>)
set(snag_into_shared $<IN_LIST:$<TARGET_PROPERTY:TYPE>,SHARED_LIBRARY$<SEMICOLON>MODULE_LIBRARY>)
set(snag_frames -fno-omit-frame-pointer -fstack-clash-protection)
foreach(variable frames llvm_major bin toolchain)  # the functions' callers may be in any directory
  set(snag_${variable} "${snag_${variable}}" CACHE INTERNAL "")
endforeach()

# A shared library links none of it, and finds it in the executable.
add_library(snag::linked INTERFACE IMPORTED GLOBAL)
add_library(snag::race INTERFACE IMPORTED GLOBAL)
if(snag_kind STREQUAL "snag")
  if(TARGET snag::plugin)
    target_link_options(snag::race INTERFACE $<${snag_into_executable}:-fplugin=$<TARGET_FILE:snag::plugin>>)
  endif()
else()
  foreach(symbols __snag_* _ZN4snag* _ZNK4snag* _ZT[ISV]N4snag* snag_memory_*)
    list(APPEND snag_exported LINKER:--export-dynamic-symbol=${symbols})
  endforeach()
  target_link_options(snag::linked INTERFACE
    "$<${snag_into_executable}:${snag_exported};LINKER:-z,now>" $<${snag_into_shared}:LINKER:-z,undefs>)
  target_link_libraries(snag::linked INTERFACE
    $<${snag_into_executable}:$<LINK_ONLY:$<LINK_LIBRARY:WHOLE_ARCHIVE,snag::runtime>>>)
  if(TARGET snag::detector)
    target_link_libraries(snag::race INTERFACE
      $<${snag_into_executable}:$<LINK_ONLY:$<LINK_LIBRARY:WHOLE_ARCHIVE,snag::detector>>> snag::linked)
  endif()
endif()

add_library(snag::snag INTERFACE IMPORTED GLOBAL)
target_include_directories(snag::snag INTERFACE ${snag_headers})
target_link_libraries(snag::snag INTERFACE snag::linked)
if(CMAKE_CXX_COMPILER)
  target_compile_features(snag::snag INTERFACE cxx_std_20)
endif()
if(NOT snag_kind STREQUAL "snag")
  target_compile_options(snag::snag INTERFACE "$<$<COMPILE_LANGUAGE:C,CXX>:${snag_frames}>")
endif()

# All that is asked of a compiler, in one message that says what to do.
function(snag_refuse target language)
  set(advice "  CC=clang-${snag_llvm_major} CXX=clang++-${snag_llvm_major} cmake -B build-race …\n")
  if(snag_bin)
    string(PREPEND advice "  cmake -B build-race --toolchain ${snag_toolchain} …      checks every target\n"
      "  CC=${snag_bin}/snag-cc CXX=${snag_bin}/snag-c++ cmake -B build-race …\n")
  endif()
  message(FATAL_ERROR "snag_enable_race(${target}): the ${language} compiler is ${CMAKE_${language}_COMPILER_ID} "
    "${CMAKE_${language}_COMPILER_VERSION} (${CMAKE_${language}_COMPILER}), and only clang ${snag_llvm_major} can load "
    "Snag's plugin. Configure a new build directory by one of\n${advice}")
endfunction()

function(snag_refuse_c_sources target)
  get_target_property(sources ${target} SOURCES)
  if(sources MATCHES "\\.c(;|$)")
    snag_refuse(${target} C)
  endif()
endfunction()

function(snag_enable_race)
  foreach(target IN LISTS ARGV)
    if(NOT TARGET ${target})
      message(FATAL_ERROR "snag_enable_race(${target}): there is no target of that name")
    endif()
    get_target_property(aliased ${target} ALIASED_TARGET)
    if(aliased)
      set(target ${aliased})
    endif()
    get_target_property(type ${target} TYPE)
    get_target_property(imported ${target} IMPORTED)
    if(imported OR type STREQUAL "INTERFACE_LIBRARY")
      message(FATAL_ERROR "snag_enable_race(${target}): nothing of it is compiled here, so nothing could be checked")
    endif()
    if(NOT TARGET snag::plugin)
      message(FATAL_ERROR "snag_enable_race(${target}): Snag was built without its plugin (SNAG_PLUGIN=OFF)")
    endif()

    set(plugin -fplugin=$<TARGET_FILE:snag::plugin>)
    foreach(language C CXX)
      if(NOT CMAKE_${language}_COMPILER)
        continue()
      endif()
      snag_compiler_kind(${language} kind)
      if(kind STREQUAL "other" AND language STREQUAL "C")
        # Only if there are any: many projects of C++ have C enabled by default.
        cmake_language(EVAL CODE "cmake_language(DEFER CALL snag_refuse_c_sources ${target})")
      elseif(kind STREQUAL "other")
        snag_refuse(${target} ${language})
      elseif(kind STREQUAL "snag")
        target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:${language}>:${plugin}>)
      else()
        if("${CMAKE_${language}_FLAGS}" MATCHES "-fsanitize=[a-z,-]*(thread|address|memory|leak|dataflow)")
          message(FATAL_ERROR "snag_enable_race(${target}): Snag and ${CMAKE_MATCH_0} both keep shadow memory and "
            "replace malloc: build with one of them at a time")
        endif()
        target_compile_options(${target} PRIVATE
          "$<$<COMPILE_LANGUAGE:${language}>:${plugin};-fno-discard-value-names;${snag_frames}>")
        if(NOT "${CMAKE_${language}_FLAGS}" MATCHES "(^| )-g")
          target_compile_options(${target} PRIVATE
            $<$<AND:$<COMPILE_LANGUAGE:${language}>,$<NOT:$<CONFIG:Debug,RelWithDebInfo>>>:-gline-tables-only>)
        endif()
      endif()
    endforeach()

    if(TARGET snag_plugin_built)
      add_dependencies(${target} snag_plugin_built)
    endif()
    # (Not target_link_libraries, whose two signatures do not mix.) What links the target needs the detector, too.
    set_property(TARGET ${target} APPEND PROPERTY LINK_LIBRARIES snag::race)
    if(NOT type STREQUAL "EXECUTABLE")
      set_property(TARGET ${target} APPEND PROPERTY INTERFACE_LINK_LIBRARIES snag::race)
    endif()
  endforeach()
endfunction()

# snag_add_test(TARGET [ARGS word…] [SEEDS A-B | REPEAT N] [SHARDS N] [TIMEOUT seconds] [JOBS N] [ISOLATE] [FAIL_ON kind…]
#               [LABELS label…])
# Checks the target and makes it a test of CTest's that `snag test` runs: verdicts and findings by test case, time-outs
# with every goroutine's stack, and a report, TARGET.snag.json in the current build directory. With SHARDS n, the tests
# TARGET.1 to TARGET.n, and a report of each.
function(snag_add_test target)
  cmake_parse_arguments(PARSE_ARGV 1 of "ISOLATE" "SEEDS;REPEAT;SHARDS;TIMEOUT;JOBS" "ARGS;FAIL_ON;LABELS")
  if(of_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "snag_add_test(${target}): unknown arguments: ${of_UNPARSED_ARGUMENTS}")
  endif()
  if(snag_bin)
    set(snag ${snag_bin}/snag)
  elseif(TARGET snag)
    set(snag $<TARGET_FILE:snag>)
    add_dependencies(${target} snag)
  else()
    message(FATAL_ERROR "snag_add_test(${target}): there is no snag to run it")
  endif()
  snag_enable_race(${target})

  set(words)
  foreach(flag SEEDS REPEAT TIMEOUT JOBS)
    if(DEFINED of_${flag})
      string(TOLOWER ${flag} word)
      list(APPEND words --${word} ${of_${flag}})
    endif()
  endforeach()
  if(of_ISOLATE)
    list(APPEND words --isolate)
  endif()
  if(of_FAIL_ON)
    list(JOIN of_FAIL_ON "," kinds)
    list(APPEND words --fail-on ${kinds})
  endif()
  if(NOT DEFINED of_SHARDS)
    set(of_SHARDS 1)
  endif()
  foreach(part RANGE 1 ${of_SHARDS})
    set(name ${target})
    if(of_SHARDS GREATER 1)
      string(APPEND name .${part})
    endif()
    add_test(NAME ${name} COMMAND ${snag} test -race --shard ${part}/${of_SHARDS} ${words}
      --output ${CMAKE_CURRENT_BINARY_DIR}/${name}.snag.json $<TARGET_FILE:${target}> -- ${of_ARGS})
    if(of_LABELS)
      set_tests_properties(${name} PROPERTIES LABELS "${of_LABELS}")
    endif()
  endforeach()
endfunction()
