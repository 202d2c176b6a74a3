# The WebAssembly module (Debian's Emscripten) and the page (Vite).
set(web ${CMAKE_SOURCE_DIR}/web)
find_program(EMCC emcc REQUIRED)
find_program(NPM npm REQUIRED)

# Bare modules without JavaScript glue. emcc wants Debian's acorn. Going back in time copies snapshots: in bulk, twice as fast.
# -O3 is larger by the twentieth part and not faster.
set(emcc
    ${CMAKE_COMMAND} -E env NODE_PATH=/usr/share/nodejs ${EMCC} -std=c11 -O2 -flto -mbulk-memory -DNDEBUG ${PAGEFRAME_WARNINGS}
    -sSTANDALONE_WASM -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=4GB -I${CMAKE_SOURCE_DIR}/engine)

# What the module exports stands in wasm/binding.c.
file(GLOB engine_headers CONFIGURE_DEPENDS engine/*.h engine/*.def engine/*/*.h)
set(wasm_module ${web}/wasm/pageframe.wasm)
add_custom_command(
  OUTPUT ${wasm_module}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${web}/wasm
  COMMAND ${emcc} --no-entry ${engine_sources} ${CMAKE_SOURCE_DIR}/wasm/binding.c -o ${wasm_module}
  DEPENDS ${engine_sources} ${engine_headers} wasm/binding.c
  COMMENT "Compiling the engine to WebAssembly"
  VERBATIM)
add_custom_target(wasm ALL DEPENDS ${wasm_module})

# Packages for old versions of Node.js would be left out by npm, so it runs on the one that the page's tools get
# (Debian 12 has 18). npm leaves this file behind when it is done.
set(packages ${web}/node_modules/.package-lock.json)
add_custom_command(
  OUTPUT ${packages}
  COMMAND ${NPM} exec --yes --package=node@22 -- npm ci --loglevel=error
  COMMAND ${CMAKE_COMMAND} -E touch ${packages}
  DEPENDS ${web}/package-lock.json
  WORKING_DIRECTORY ${web}
  COMMENT "Installing the page's tools"
  VERBATIM)

file(GLOB_RECURSE page_sources CONFIGURE_DEPENDS ${web}/src/* ${web}/public/*)
add_custom_command(
  OUTPUT ${web}/dist/index.html
  COMMAND ${NPM} run --silent build
  DEPENDS ${page_sources} ${packages} ${wasm_module} ${web}/index.html ${web}/vite.config.ts ${web}/tsconfig.json
  WORKING_DIRECTORY ${web}
  COMMENT "Building the page"
  VERBATIM)
add_custom_target(page ALL DEPENDS ${web}/dist/index.html)
