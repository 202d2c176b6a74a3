# Compares the digest of every golden run, as the native program gives it, with tests/golden/digests.txt.
file(GLOB runs RELATIVE ${SOURCE} ${SOURCE}/tests/golden/*/*.jsonl.gz)
list(SORT runs)
execute_process(COMMAND ${PROGRAM} digest ${runs} WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE fresh COMMAND_ERROR_IS_FATAL ANY)
file(READ ${SOURCE}/tests/golden/digests.txt committed)
if(NOT fresh STREQUAL committed)
  message(FATAL_ERROR "tests/golden/digests.txt does not fit the engine. Where the engine is right, write it anew and commit it:\n"
                      "  build/dev/pageframe digest tests/golden/*/*.jsonl.gz > tests/golden/digests.txt")
endif()
