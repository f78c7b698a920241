# SPDX-License-Identifier: Apache-2.0
# A sample of ./dev test --sanitizer thread: the runtime built with ThreadSanitizer, under stress for a few
# seconds. Run as: cmake -DSOURCE=… -DBINARY=… -DCXX=… -DC=… -P sanitized_sample.cmake
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGV}\n${output}")
  endif()
endfunction()

run(${CMAKE_COMMAND} -S ${SOURCE} -B ${BINARY} -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_COMPILER=${C}
  -DCMAKE_CXX_COMPILER=${CXX} -DSNAG_PLUGIN=OFF -DSNAG_BENCH=OFF -DSNAG_SANITIZER=thread)
run(${CMAKE_COMMAND} --build ${BINARY} --target stress)
foreach(workers 2 8)
  run(${CMAKE_COMMAND} -E env SNAG_OPTIONS=max_procs=${workers}:migrate=always ${BINARY}/tests/stress/stress 3)
endforeach()
