# Every tests/{engine,server}/test_*.c is a cmocka program of its own; what else lies there is shared by them.
# They run in the source folder, so that they find tests/... .
add_library(pageframe_test_flags INTERFACE)
target_link_libraries(pageframe_test_flags INTERFACE cmocka z)
target_compile_definitions(pageframe_test_flags INTERFACE PAGEFRAME_SOURCE_DIR="${CMAKE_SOURCE_DIR}")

foreach(part engine server)
  set(library $<IF:$<STREQUAL:${part},engine>,pageframe_engine,pageframe_native>)
  file(GLOB tests CONFIGURE_DEPENDS tests/${part}/test_*.c)
  file(GLOB shared CONFIGURE_DEPENDS tests/${part}/*.c)
  if(tests)
    list(REMOVE_ITEM shared ${tests})
  endif()
  foreach(source ${tests})
    cmake_path(GET source STEM name)
    add_executable(${name} ${source} ${shared})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_link_libraries(${name} PRIVATE pageframe_test_flags ${library})
    add_test(
      NAME ${name}
      COMMAND ${name}
      WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(
      ${name} PROPERTIES TIMEOUT 300 ENVIRONMENT "PAGEFRAME_PROGRAM=$<TARGET_FILE:pageframe>")
  endforeach()
endforeach()

# Every recorded run of the genuine kernels, compared with the model and with the fold.
file(GLOB golden CONFIGURE_DEPENDS tests/golden/*/*.jsonl.gz)
add_test(NAME golden_runs COMMAND pageframe verify ${golden})
set_tests_properties(golden_runs PROPERTIES TIMEOUT 300)

# Random runs on machines that no recording has, with what a second implementation of the kernel's description gave.
file(GLOB retold CONFIGURE_DEPENDS tests/retold/*/*.jsonl.gz)
add_test(NAME retold_runs COMMAND pageframe verify ${retold})

add_test(NAME golden_digests
         COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:pageframe> -DSOURCE=${CMAKE_SOURCE_DIR} -P
                 ${CMAKE_SOURCE_DIR}/cmake/check-digests.cmake)

add_test(NAME generated_files_are_fresh
         COMMAND ${CMAKE_COMMAND} -DGEN_TABLES=$<TARGET_FILE:gen_tables> -DSOURCE=${CMAKE_SOURCE_DIR} -P
                 ${CMAKE_SOURCE_DIR}/cmake/check-generated.cmake)

# What the program prints, how it exits, and what it serves (with the page's packages, which the page's build installs).
add_test(NAME server_cli COMMAND bash tests/server/cli.test.sh WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
add_test(NAME server_ws COMMAND ${CMAKE_SOURCE_DIR}/web/node_modules/.bin/node --test tests/server/ws.test.mjs WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(server_cli server_ws PROPERTIES TIMEOUT 300 ENVIRONMENT "PAGEFRAME_PROGRAM=$<TARGET_FILE:pageframe>")

# A run that is made by a program is what the program makes.
add_test(NAME three_eras_is_fresh
         COMMAND bash -c "web/node_modules/.bin/node tools/three-eras.mjs | diff - web/public/examples/three-eras.jsonl"
         WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
