#!/usr/bin/env bash
# Format and static analysis of the C sources; the page's own linter is `npm run lint` in web/.
# usage: tools/lint.sh BUILD_FOLDER (its compile_commands.json is used)
set -euo pipefail
build=$(realpath "$1")
cd "$(dirname "$0")/.."

mapfile -t files < <(git ls-files '*.c' '*.h')
mapfile -t sources < <(git ls-files '*.c' | grep -v '^wasm/') # Emscripten's own headers are not native ones

echo "clang-format: ${#files[@]} files"
clang-format --dry-run -Werror "${files[@]}"
echo "cppcheck"
cppcheck --quiet --enable=warning,performance,portability --inline-suppr --error-exitcode=1 --std=c11 -j "$(nproc)" \
  --suppress=missingIncludeSystem --suppress=unknownMacro -D__GNUC__ -Iengine -Iserver "${sources[@]}"
echo "clang-tidy: ${#sources[@]} files"
printf '%s\0' "${sources[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy -p "$build" --quiet 2> >(grep -v 'warnings generated' >&2)
echo "the page: types, Biome"
npm --prefix web run --silent lint
