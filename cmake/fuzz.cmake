# The fuzz targets, tests/fuzz/fuzz_*.c. Every build runs each over its corpus as the test fuzz_corpus_<name>; with
# PAGEFRAME_FUZZ (preset `fuzz`, clang) they are libFuzzer programs. New inputs go to the first folder, and of them those
# that reach new code into the corpus:
#   mkdir -p build/fuzz/ops && build/fuzz/fuzz_ops -max_total_time=600 build/fuzz/ops tests/fuzz/corpus/ops
#   build/fuzz/fuzz_ops -merge=1 -use_counters=0 tests/fuzz/corpus/ops build/fuzz/ops
file(GLOB fuzz_sources CONFIGURE_DEPENDS tests/fuzz/fuzz_*.c)
foreach(source ${fuzz_sources})
  cmake_path(GET source STEM target)
  string(REPLACE fuzz_ "" name ${target})
  if(PAGEFRAME_FUZZ)
    add_executable(${target} ${source})
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${target} ${source} tests/fuzz/replay.c)
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    add_test(NAME fuzz_corpus_${name} COMMAND ${target} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
    set_tests_properties(fuzz_corpus_${name} PROPERTIES TIMEOUT 300)
  endif()
  target_link_libraries(${target} PRIVATE pageframe_native)
endforeach()
