# Target `bench`: every tests/bench/bench_*.c; bench_engine natively and as WebAssembly, side by side; the page
# under Node, and its map in Chromium.
file(GLOB benches CONFIGURE_DEPENDS tests/bench/bench_*.c)
set(bench_commands COMMAND ${CMAKE_COMMAND} -E echo "Benchmarks, build type ${CMAKE_BUILD_TYPE}")
set(bench_targets)
foreach(source ${benches})
  cmake_path(GET source STEM name)
  add_executable(${name} EXCLUDE_FROM_ALL ${source})
  target_link_libraries(${name} PRIVATE pageframe_native)
  list(APPEND bench_targets ${name})
  if(NOT (PAGEFRAME_WEB AND name STREQUAL "bench_engine"))
    list(APPEND bench_commands COMMAND ${name})
  endif()
endforeach()

if(PAGEFRAME_WEB)
  set(bench_module ${CMAKE_BINARY_DIR}/bench_engine.wasm)
  add_custom_command(
    OUTPUT ${bench_module}
    # Node's WASI crashes where a module's memory grows by hundreds of MiB: this one has it from the beginning.
    COMMAND ${emcc} -sINITIAL_MEMORY=3GB ${engine_sources} ${CMAKE_SOURCE_DIR}/tests/bench/bench_engine.c -o ${bench_module}
    DEPENDS ${engine_sources} ${engine_headers} tests/bench/bench_engine.c tests/bench/workloads.h
    COMMENT "Compiling the engine's bench to WebAssembly"
    VERBATIM)
  list(APPEND bench_commands COMMAND ${web}/node_modules/.bin/node --no-warnings tests/bench/bench.mjs
       $<TARGET_FILE:bench_engine> ${bench_module})
  list(APPEND bench_commands COMMAND ${web}/node_modules/.bin/node --no-warnings tests/bench/page.mjs ${wasm_module})
  list(APPEND bench_commands COMMAND ${web}/node_modules/.bin/node --no-warnings tests/bench/map.mjs)
  list(APPEND bench_commands COMMAND ${web}/node_modules/.bin/node --no-warnings tests/bench/history.mjs ${wasm_module})
  list(APPEND bench_targets ${bench_module} wasm page ${packages})
endif()

add_custom_target(
  bench
  ${bench_commands}
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
  DEPENDS ${bench_targets}
  USES_TERMINAL VERBATIM)
