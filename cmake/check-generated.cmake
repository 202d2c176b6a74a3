# Compares the committed generated files with what the tables say now.
function(check what file)
  execute_process(COMMAND ${GEN_TABLES} ${what} OUTPUT_VARIABLE fresh COMMAND_ERROR_IS_FATAL ANY)
  file(READ ${SOURCE}/${file} committed)
  if(NOT fresh STREQUAL committed)
    message(FATAL_ERROR "${file} does not fit the engine's tables. Write it anew and commit it:\n"
                        "  cmake --build --preset dev --target generate")
  endif()
endfunction()
check(ts web/src/generated/tables.ts)
check(schema server/protocol.schema.json)
