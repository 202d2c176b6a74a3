#!/usr/bin/env bash
# Installs what is missing, builds everything, runs every test and check; the last line counts the steps.
set -uo pipefail
cd "$(dirname "$0")"
. tools/install.sh

passed=0
failed=()
# step NAME COMMAND...: runs it, and goes on either way
step() {
  local name=$1 begin=$SECONDS
  shift
  printf '\n=== %s\n' "$name"
  if "$@" </dev/null; then
    passed=$((passed + 1))
    printf -- '--- %s: good, %s s\n' "$name" $((SECONDS - begin))
  else
    failed+=("$name")
    printf -- '--- %s: FAILED, %s s\n' "$name" $((SECONDS - begin))
  fi
}
build() {
  cmake --preset "$1" && cmake --build --preset "$1"
}

need_to_test
set -e
install_missing
set +e

step 'build, gcc, with WebAssembly and the page' build dev
step 'build, clang' build dev-clang
step 'build, sanitizers' build asan-ubsan
step 'lint' cmake --build --preset dev --target lint
step 'tests, gcc' ctest --preset dev
step 'tests, clang' ctest --preset dev-clang
step 'tests, sanitizers' ctest --preset asan-ubsan
export PAGEFRAME_PROGRAM=$PWD/build/dev/pageframe
step 'Vitest: the page and WebAssembly in Node' npm --prefix web run --silent test
step 'Playwright: the page in Chromium and Firefox, its size' npm --prefix web run --silent e2e
step 'run.sh builds and serves' tests/run.test.sh

printf '\n'
for name in "${failed[@]}"; do
  echo "failed: $name"
done
echo "$passed passed, ${#failed[@]} failed"
[ ${#failed[@]} -eq 0 ]
