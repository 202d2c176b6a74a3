#!/usr/bin/env bash
# ./run.sh, as a new user runs it: it builds, serves the page and its WebAssembly module, and ends when told to.
set -uo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT

./run.sh --port 0 >"$log" 2>&1 &
server=$!
url=
while kill -0 $server 2>/dev/null && [ -z "$url" ]; do
  sleep 0.2
  url=$(grep -oE 'http://[0-9.]+:[0-9]+/' "$log" | head -n 1)
done
if [ -z "$url" ]; then
  cat "$log"
  echo 'run.sh ended before it served anything'
  exit 1
fi

web/node_modules/.bin/node --input-type=module - "$url" <<'JS'
const [url] = process.argv.slice(2);
const get = async (path, type) => {
  const response = await fetch(new URL(path, url));
  if (!response.ok || !response.headers.get('content-type')?.startsWith(type)) throw new Error(`${path}: ${response.status}`);
  return response;
};
const page = await (await get('.', 'text/html')).text();
const [script] = /assets\/[\w.-]+\.js/.exec(page) ?? [];
await get(script, 'text/javascript');
console.log(`served: the page and ${script}`);
JS
status=$?
kill -TERM $server
wait $server
ended=$?
echo "run.sh: page $status, ended $ended"
[ $status -eq 0 ] && [ $ended -eq 0 ]
