# Target `bench`: every tests/bench/bench_*.c, then the same measures in WebAssembly.
file(GLOB benches CONFIGURE_DEPENDS tests/bench/bench_*.c)
set(bench_commands COMMAND ${CMAKE_COMMAND} -E echo "Benchmarks, build type ${CMAKE_BUILD_TYPE}")
set(bench_targets)
foreach(source ${benches})
  cmake_path(GET source STEM name)
  add_executable(${name} EXCLUDE_FROM_ALL ${source})
  target_link_libraries(${name} PRIVATE pageframe_native)
  list(APPEND bench_commands COMMAND ${name})
  list(APPEND bench_targets ${name})
endforeach()
if(PAGEFRAME_WEB AND EXISTS ${CMAKE_SOURCE_DIR}/tests/bench/bench.mjs)
  list(APPEND bench_commands COMMAND ${CMAKE_SOURCE_DIR}/web/node_modules/.bin/node tests/bench/bench.mjs ${CMAKE_SOURCE_DIR}/web/wasm/pageframe.wasm)
  list(APPEND bench_targets wasm ${CMAKE_SOURCE_DIR}/web/node_modules/.package-lock.json)
endif()
add_custom_target(
  bench
  ${bench_commands}
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
  DEPENDS ${bench_targets}
  USES_TERMINAL VERBATIM)
