# SPDX-License-Identifier: Apache-2.0
# The runtime as a library also compiles with g++ 12, without warnings, and what comes out works.
# Run as: cmake -DSOURCE=… -DBINARY=… -P gcc_build.cmake
find_program(gxx NAMES g++-12 g++ REQUIRED)
find_program(gcc NAMES gcc-12 gcc REQUIRED)

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGV}\n${output}")
  endif()
endfunction()

run(${CMAKE_COMMAND} -S ${SOURCE} -B ${BINARY} -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER=${gcc} -DCMAKE_CXX_COMPILER=${gxx}
  -DSNAG_PLUGIN=OFF -DSNAG_TESTS=OFF -DSNAG_BENCH=OFF)
run(${CMAKE_COMMAND} --build ${BINARY} --target snag_runtime)
run(${gxx} -std=c++20 -O1 -Wall -Wextra -Werror -Wno-unused-parameter -I ${SOURCE} -I ${SOURCE}/runtime/include
  ${SOURCE}/tests/runtime/process_program.cpp ${BINARY}/runtime/libsnag.a -lboost_context -lfmt -ldl
  -o ${BINARY}/process_program)
foreach(case early interleaving sleeps_an_hour)
  run(${CMAKE_COMMAND} -E env SNAG_OPTIONS=seed=1 ${BINARY}/process_program ${case})
endforeach()
run(${BINARY}/process_program println_from_many)
