#!/usr/bin/env bash
# Format and static analysis of the C sources; the page's own linter is `npm run lint` in web/.
# usage: tools/lint.sh BUILD_FOLDER (its compile_commands.json is used)
set -uo pipefail
status=0
build=$(realpath "$1")
cd "$(dirname "$0")/.."

mapfile -t files < <(find engine server wasm tools tests -name '*.[ch]' | sort)
mapfile -t sources < <(find engine server tools tests -name '*.c' | sort) # wasm/ is no part of a native build

echo "clang-format: ${#files[@]} files"
clang-format --dry-run -Werror "${files[@]}" || status=1
echo "cppcheck"
cppcheck --quiet --enable=warning,performance,portability --inline-suppr --error-exitcode=1 --std=c11 -j "$(nproc)" \
  --suppress=missingIncludeSystem --suppress=unknownMacro -D__GNUC__ -Iengine -Iserver "${sources[@]}" || status=1
echo "clang-tidy: ${#sources[@]} files"
# The analyzer's effort a function, a third of its default: minutes become seconds, and it finds the same here.
effort=(--extra-arg=-Xclang --extra-arg=-analyzer-config --extra-arg=-Xclang --extra-arg=max-nodes=75000)
printf '%s\0' "${sources[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy -p "$build" --quiet "${effort[@]}" 2> >(grep -v 'warnings generated' >&2) || status=1
echo "the page: types, Biome"
npm --prefix web run --silent lint || status=1
exit $status
