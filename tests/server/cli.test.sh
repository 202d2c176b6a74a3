#!/usr/bin/env bash
# What the program prints and how it exits. PAGEFRAME_PROGRAM names the program; runs in the source folder.
set -uo pipefail
program=${PAGEFRAME_PROGRAM:?}
folder=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
  rm -rf "$folder"
}
trap finish EXIT
tests=0
failures=0

# try CODE ARGUMENT...: runs the program, which must exit with CODE; its output goes to $folder/out and $folder/err.
try() {
  local code=$1 got
  shift
  tests=$((tests + 1))
  "$program" "$@" >"$folder/out" 2>"$folder/err"
  got=$?
  [ $got -eq "$code" ] || fail "exit $got, not $code: pageframe $*"
}
fail() {
  failures=$((failures + 1))
  echo "FAILED: $*"
  sed 's/^/  out: /' "$folder/out" | head -5
  sed 's/^/  err: /' "$folder/err" | head -5
}
# says out|err TEXT: the whole of it, without the last newline.
says() {
  [ "$(cat "$folder/$1")" = "$2" ] || fail "$1 is not: $2"
}
# has out|err TEXT: in one of its lines.
has() {
  grep -qF -- "$2" "$folder/$1" || fail "$1 lacks: $2"
}
lines() {
  [ "$(wc -l <"$folder/$1")" -eq "$2" ] || fail "$1 has not $2 lines"
}

header='{"format":"pageframe-run/1","kernel":"linux-2.4.20","machine":{"nodes":[{"start_pfn":0,"pages":64}]}}'
run=tests/runfiles/good/eight-pages.jsonl
golden=tests/golden/linux-2.4.20
trace=tests/traces/linux-6.1

# --- use
try 2
has err 'usage: pageframe COMMAND'
try 0 --help
has out 'Exit status: 0 good, 1 a difference, 2 bad input or wrong use.'
try 0 --version
says out 'pageframe 0.1.0'
for use in nonsense 'run' 'run --fast' "run $run $run" 'verify' 'verify --all' 'map' "map $run $run" "map $run --start" \
  'digest' 'digest -x' 'state --zoneinfo x' 'state -o' 'state x' "serve $run $run" 'serve --port' 'serve --nonsense'; do
  # shellcheck disable=SC2086
  try 2 $use
  has err 'usage: pageframe'
  lines err 1
done

# --- run
try 0 run $run
has out '{"kind":"op_begin","op":"__get_free_pages","number":3,"line":4}'
has out '{"kind":"op_end","outcome":"nothing","result":"none"}'
cp "$folder/out" "$folder/events"
gzip -c $run >"$folder/run.jsonl.gz"
try 0 run "$folder/run.jsonl.gz"
cmp -s "$folder/out" "$folder/events" || fail 'gzip gives other events'
head -c 100 "$folder/run.jsonl.gz" >"$folder/cut.jsonl.gz"
try 2 run "$folder/cut.jsonl.gz"
says err "$folder/cut.jsonl.gz: the gzip data end too early"
try 2 run "$folder/none.jsonl"
says err "$folder/none.jsonl: cannot be read: No such file or directory"
try 2 run tests/runfiles/bad/order-too-large.jsonl
says err 'tests/runfiles/bad/order-too-large.jsonl:2: field "order": expected an order from 0 to 31, found 32'
lines out 0
for command in run verify map digest; do
  "$program" $command $golden/buddy-tiny.jsonl.gz >/dev/full 2>"$folder/err"
  [ $? -eq 2 ] || fail "$command: a full disk is not noticed"
  says err 'the output could not be written'
done

# --- verify
try 0 verify $golden/buddy-tiny.jsonl.gz $golden/bootmem-bugs.jsonl.gz
says out "ok $golden/buddy-tiny.jsonl.gz: 138 operations, 138 checks
ok $golden/bootmem-bugs.jsonl.gz: 42 operations, 42 checks"
# changed NAME RUN LINE SED EXPECTED: the recording, changed there, differs there.
changed() {
  gzip -dc "$golden/$2.jsonl.gz" | sed "$3$4" >"$folder/$1.jsonl"
  gzip -dc "$golden/$2.jsonl.gz" | cmp -s - "$folder/$1.jsonl" && fail "$1: nothing was changed"
  try 1 verify "$folder/$1.jsonl"
  says out "differs $folder/$1.jsonl line $3: expected $5"
}
changed ret buddy-tiny 6 's/"ret":63/"ret":62/' 'ret 62, got 63'
changed ret-null buddy-tiny 6 's/"ret":63/"ret":null/' 'ret null, got 63'
changed ret-stall buddy-tiny 6 's/"ret":63/"ret":"stall"/' 'ret "stall", got 63'
changed free-pages buddy-tiny 5 's/"free_pages":64/"free_pages":65/' 'model: zones[0].free_pages 65, got 64'
changed list buddy-tiny 5 's/\[0\],\[\],\[\],\[\]\],"map"/[8],[],[],[]],"map"/' 'model: zones[0].free_area[6] [8], got [0]'
changed pair-bit buddy-tiny 5 's/"map":\[\[\]/"map":[[3]/' 'model: zones[0].map[0] [3], got []'
changed reserved buddy-tiny 5 's/"n_reserved":0/"n_reserved":1/' 'model: zones[0].n_reserved 1, got 0'
changed count buddy-tiny 5 's/"n_count1":0/"n_count1":1/' 'model: zones[0].n_count1 1, got 0'
changed balance buddy-tiny 5 's/"need_balance":0/"need_balance":1/' 'model: zones[0].need_balance 1, got 0'
changed zone buddy-tiny 5 's/"zone":"DMA"/"zone":"Normal"/' 'model: zones[0].zone "Normal", got "DMA"'
changed no-zones bootmem-basic 3 's/"last_offset":0}\]/&,"zones":[]/' 'model: zones [], got nothing'
changed no-bootmem bootmem-basic 3 's/"bootmem":.*/"note":""}/' \
  'model: bootmem nothing, got [{"node":0,"reserved":[[0,2048]],"last_pos":0,"last_offset":0,"last_success":0}]'
changed boot-run bootmem-bugs 5 's/\[290,10\]/[290,9]/' 'model: bootmem[0].reserved[1] [290,9], got [290,10]'
changed boot-last bootmem-bugs 5 's/"last_pos":0/"last_pos":1/' 'model: bootmem[0].last_pos 1, got 0'
changed bug bootmem-bugs 6 's/end past the end of the node/size is zero/' \
  'bug "free_bootmem: size is zero", got "free_bootmem: end past the end of the node"'
changed no-bug bootmem-bugs 6 's/,"bug":"[^"]*"//' 'bug nothing, got "free_bootmem: end past the end of the node"'
changed unheard-bug bootmem-bugs 4 's/}/,"oops":"null pointer"}/' 'oops "null pointer", got nothing'
changed ghost bootmem-bugs 4 's/}/,"hang":true}/' 'hang true, got nothing'
changed warning bootmem-bugs 4 's/}/,"warn":{"zone_alignment":1}}/' 'warn {"zone_alignment":1}, got nothing'
changed fewer-warnings bootmem-bugs 36 's/{"reserved_twice":.*/{}}/' 'warn {}, got {"reserved_twice":[[299,1]]}'
# What linux-2.6.10 has beside that: per-CPU lists, watermarks, complaints, calls made inside another.
golden=tests/golden/linux-2.6.10
changed pcp-order buddy-pcp 21 's/"hot":\[16,31/"hot":[31,16/' \
  'model: zones[0].pcp[0].hot [31,16,30,29,28,27], got [16,31,30,29,28,27]'
changed pcp-cpu buddy-pcp 21 's/"cpu":0/"cpu":1/' 'model: zones[0].pcp[0].cpu 1, got 0'
changed pcp-fewer buddy-smp 21 's/,{"cpu":1[^}]*}//' 'model: zones[0].pcp[1] nothing, got {"cpu":1,"hot":[],"cold":[]}'
changed hot-count buddy-pcp 21 's/"cold":\[\]/&,"hot_count":7/' 'model: zones[0].pcp[0].hot_count 7, got nothing'
changed cold-count buddy-pcp 21 's/"cold":\[\]/&,"cold_count":1/' 'model: zones[0].pcp[0].cold_count 1, got nothing'
changed last-success bootmem-basic 9 's/"last_success":\([0-9]*\)/"last_success":1\1/' \
  'model: bootmem[0].last_success 10, got 0'
changed bool buddy-pcp 106 's/true/false/' 'ret false, got true'
changed bool-null buddy-pcp 106 's/true/null/' 'ret null, got true'
changed bad-page misuse-order 68 's/\[52,1\]/[52,2]/' 'warn.bad_page[0] [52,2], got [52,1]'
changed bad-page-more misuse-order 68 's/\[52,1\]/&,[53,1]/' 'warn.bad_page[1] [53,1], got nothing'
changed no-bad-page misuse-order 68 's/,"warn":[^}]*}//' 'warn nothing, got {"bad_page":[[52,1]]}'
changed no-alloc-failed lifecycle-api 99 's/,"warn":[^}]*}//' 'warn nothing, got {"alloc_failed":true}'
changed alloc-failed buddy-pcp 22 's/}/,"warn":{"alloc_failed":true}}/' 'warn {"alloc_failed":true}, got nothing'
changed min-free buddy-pcp 20 's/"min_free_kbytes":256/"min_free_kbytes":255/' 'model: min_free_kbytes 255, got 256'
changed mark buddy-pcp 20 's/"pages_low":80/"pages_low":79/' 'model: zones[0].pages_low 79, got 80'
changed protection buddy-numa 317 's/\[0,130,130\]/[0,130,0]/' 'model: zones[0].protection [0,130,0], got [0,130,130]'
changed limits buddy-pcp 1 's/"cold":{"low":0/"cold":{"low":1/' 'model: machine.nodes[0].zones[0].pcp.cold.low 1, got 0'
changed made-ret buddy-pcp 9 's/"ret":102464/"ret":102460/' 'made ret 102460, got 102464'
changed made-size buddy-pcp 18 's/"size":4/"size":8/' 'made size 8, got 4'
changed made-op buddy-pcp 7 's/alloc_bootmem/__alloc_bootmem/;7s/"node":0,//' 'made op "__alloc_bootmem", got "alloc_bootmem"'
changed made-first-missing buddy-pcp 7 d 'made size 32, got 32800'
changed made-more buddy-pcp 19 's/.*/{"op":"alloc_bootmem","size":4,"ret":102816,"by":"free_area_init"}/' \
  'made {"op":"alloc_bootmem","size":4,"ret":102816,"by":"free_area_init"}, got nothing'
gzip -dc $golden/buddy-pcp.jsonl.gz | sed 18d >"$folder/made-fewer.jsonl"
try 1 verify "$folder/made-fewer.jsonl"
says out "differs $folder/made-fewer.jsonl line 6: expected made nothing, got {\"op\":\"alloc_bootmem\",\"size\":4,\"ret\":102784}"
gzip -dc $golden/buddy-pcp.jsonl.gz | sed '18,$d' >"$folder/made-cut.jsonl"
try 1 verify "$folder/made-cut.jsonl"
says out "differs $folder/made-cut.jsonl line 6: expected made nothing, got {\"op\":\"alloc_bootmem\",\"size\":4,\"ret\":102784}"
golden=tests/golden/linux-2.4.20
gzip -dc $golden/bootmem-bugs.jsonl.gz | sed '4s/"size":1146880/"size":1142784/' >"$folder/size.jsonl"
try 1 verify "$folder/size.jsonl"
says out "differs $folder/size.jsonl line 5: expected model: bootmem[0].reserved[1] [290,10], got [289,11]"
# A run of a user's own is compared where it tells; on_bug decides whether it goes on.
printf '%s\n' "$header" '{"op":"init_bootmem","mapstart":1,"start":0,"end":64}' \
  '{"op":"reserve_bootmem","addr":0,"size":0}' '{"op":"free_bootmem","addr":0,"size":4096,"ret":null}' >"$folder/own.jsonl"
try 2 verify "$folder/own.jsonl"
says err "$folder/own.jsonl:4: field \"ret\": expected nothing, as free_bootmem returns nothing, found null"
sed -i 's/,"ret":null//' "$folder/own.jsonl"
try 0 verify "$folder/own.jsonl"
says out "ok $folder/own.jsonl: 3 operations, 0 checks"
sed -i '1s/"machine"/"on_bug":"stop","machine"/' "$folder/own.jsonl"
try 0 verify "$folder/own.jsonl"
says out "ok $folder/own.jsonl: 2 operations, 0 checks"
# Several files: all are told, the worst counts.
try 2 verify "$folder/ret.jsonl" tests/runfiles/bad/empty.jsonl $golden/buddy-tiny.jsonl.gz
lines out 2
lines err 1
try 1 verify $golden/buddy-tiny.jsonl.gz "$folder/ret.jsonl"
lines out 2

# --- map
try 0 map $run
says out '0 64 buddy'
printf '%s\n' "$header" '{"op":"init_bootmem","mapstart":1,"start":0,"end":64}' \
  '{"op":"free_bootmem","addr":16384,"size":65536}' '{"op":"reserve_bootmem","addr":20480,"size":1}' >"$folder/boot.jsonl"
try 0 map "$folder/boot.jsonl"
says out '0 4 reserved
4 1 boot-free
5 1 reserved
6 14 boot-free
20 44 reserved'
try 2 map $run --start $run
has err '--start is for kernel traces'
try 2 map docs/run-files.md
says err 'docs/run-files.md: neither a run file nor a kernel trace: no line of it is a page event'
for workload in boot-idle file-churn; do
  try 0 map $trace/$workload/trace.txt.gz --start $trace/$workload/kpageflags.start.gz
  gzip -dc $trace/$workload/kpageflags.end.gz | while read -r first count flags; do
    echo $((first)) "$count" $(((flags >> 10) & 1))
  done | awk '$3 == 1 { if ($1 != end) printf "%s%d ", end ? end "\n" : "", $1; end = $1 + $2 } END { print end }' >"$folder/kernel"
  awk '$3 == "buddy" { print $1, $1 + $2 }' "$folder/out" >"$folder/ours"
  cmp -s "$folder/kernel" "$folder/ours" || fail "$workload: the buddy frames are not the kernel's"
done
try 2 map $trace/boot-idle/trace.txt.gz --start docs/run-files.md
says err 'docs/run-files.md:3: expected "first_pfn count flags", pfn and flags in hex, in rising order'
printf '0 16 400\nno newline' >"$folder/start"
try 2 map $trace/boot-idle/trace.txt.gz --start "$folder/start"
says err "$folder/start:2: expected \"first_pfn count flags\", pfn and flags in hex, in rising order"
printf '# nothing\n' >"$folder/start"
try 2 map $trace/boot-idle/trace.txt.gz --start "$folder/start"
says err "$folder/start:2: expected \"first_pfn count flags\", pfn and flags in hex, in rising order"

# --- what a good file may still meet when it runs
{
  printf '%s\n' "$header"
  for pfn in $(seq 1001 2025); do printf '{"op":"get_page","pfn":%d}\n' "$pfn"; done
} >"$folder/outside.jsonl"
for command in run verify map digest; do
  try 2 $command "$folder/outside.jsonl"
  says err "$folder/outside.jsonl:1026: expected few frames past the end of memory that keep a count, found more than 1024"
done

# --- digest
try 0 digest $run "$folder/run.jsonl.gz"
[ "$(cut -d' ' -f1 "$folder/out" | uniq | wc -l)" -eq 1 ] || fail 'the same run has two digests'
grep -qE "^[0-9a-f]{16} $run\$" "$folder/out" || fail 'digest: no such line'
try 2 digest $run tests/runfiles/bad/empty.jsonl
lines out 1

# --- state
# state CODE FILE SED: of the idle machine, with one file changed.
machine=$trace/boot-idle
state() {
  local code=$1 changed=$2 options=() file
  for file in zoneinfo buddyinfo pagetypeinfo kpageflags; do
    gzip -dc $machine/$file.start.gz >"$folder/$file"
    options+=("--$file" "$folder/$file")
  done
  [ -z "$changed" ] || sed -i "$3" "$folder/$changed"
  try "$code" state "${options[@]}" -o "$folder/state.jsonl"
}
state 0 ''
lines out 0
says err "node 0, zone DMA: 7 free blocks, 0 of them on a list of another type than their pageblock's; 0 frames are on CPUs' lists, nobody tells which: they count as in use
node 0, zone DMA32: 58 free blocks, 0 of them on a list of another type than their pageblock's; 48 frames are on CPUs' lists, nobody tells which: they count as in use
the order of the lists is not told: their blocks stand by rising address
which pageblock has which type is not told: each has the one that most of its frames speak for"
cp "$folder/state.jsonl" "$folder/what-next.jsonl"
printf '%s\n' '{"op":"alloc_pages","gfp":"GFP_HIGHUSER_MOVABLE","order":9,"as":"huge"}' \
  '{"op":"__free_pages","page":"huge","order":9}' '{"op":"alloc_pages","gfp":"GFP_KERNEL","order":0,"ret":13240}' \
  '{"op":"check","zones":[{"node":0,"zone":"DMA","free_pages":3808},{"node":0,"zone":"DMA32","free_pages":40521,"nr_free":[3,1,1,2,1,1,0,6,7,2,36]}]}' \
  >>"$folder/what-next.jsonl"
try 0 verify "$folder/what-next.jsonl"
says out "ok $folder/what-next.jsonl: 3 operations, 1 checks"
try 0 state --zoneinfo $machine/zoneinfo.start.gz --buddyinfo $machine/buddyinfo.start.gz \
  --pagetypeinfo $machine/pagetypeinfo.start.gz --kpageflags $machine/kpageflags.start.gz
cmp -s "$folder/out" "$folder/state.jsonl" || fail 'the output is not what -o writes'
head -n 2 web/public/examples/real-machine.jsonl | cmp -s - "$folder/state.jsonl" || fail 'real-machine.jsonl: the page'"'"'s example is another state'
try 0 verify web/public/examples/real-machine.jsonl
# Files of different moments: the machine ran on, and that is told with numbers.
try 0 state --zoneinfo $machine/zoneinfo.end.gz --buddyinfo $machine/buddyinfo.end.gz \
  --pagetypeinfo $machine/pagetypeinfo.end.gz --kpageflags $machine/kpageflags.start.gz
has err 'node 0, zone DMA32: buddyinfo counts 5 free blocks of order 7, kpageflags has 6: these are taken'
has err 'node 0, zone DMA32: pagetypeinfo counts 2 free blocks of order 2, kpageflags has 1: these are taken'
has err 'zoneinfo counts 40958 free pages, kpageflags has 41048, more apart than CPUs may be behind (4): these are taken'
cp "$folder/out" "$folder/mixed.jsonl"
try 0 verify "$folder/mixed.jsonl"
state 0 pagetypeinfo '$s/ 102 / 101 /'
has err 'node 0, zone DMA32: pagetypeinfo counts 119 pageblocks, kpageflags has 120: 1 of those without any flag are taken for no memory'
# told FILE SED LINE TEXT: what is wrong with it.
told() {
  state 2 "$1" "$2"
  says err "$folder/$1:$3: $4"
}
told zoneinfo '1s/Node/Knot/' 1 'field "Node": expected "Node" and a number, found "Knot 0, zone      DMA"'
told zoneinfo '1s/0/16/' 1 'field "Node": expected a node from 0 to 15, found "16, zone      DMA"'
told zoneinfo '1s/zone/zoo/' 1 'field "zone": expected "zone" and a name, found "zoo      DMA"'
told zoneinfo 's/managed  3840/managed  few/' 53 'field "managed": expected a number, found "few"'
told zoneinfo '/managed  3840/d' 1 'field "managed": expected a number, found nothing'
told zoneinfo 's/(0, 192, /(0, x, /' 55 'field "protection:": expected a number, found "x, 192, 192, 192)"'
told zoneinfo 's/192, 192)/192, 192, 192)/' 55 'field "protection:": expected at most 5 numbers and ), found ", 192)"'
told zoneinfo 's/cpu: 0/cpu: 256/' 74 'field "cpu:": expected a CPU from 0 to 255, found "cpu: 256"'
told zoneinfo '/batch: 15/d' 81 'field "batch:": expected a number, found nothing'
told zoneinfo 's/spanned  4095/spanned  3997/' 1 \
  'field "spanned": expected no fewer frames than are present, and none past frame 67108863, found nothing'
told zoneinfo 's/^Node 0, zone    DMA32/Node 0, zone    Movable/' 88 \
  'field "present": expected 0, as the kernel'"'"'s model has no such zone, found "present  61405"'
told zoneinfo 's/^Node 0, zone    DMA32/Node 2, zone    DMA32/' 81 \
  'field "Node": expected memory in node 1 before that of node 2, found nothing'
told zoneinfo 's/present .*/present 0/' 117 'field "present": expected a zone with memory, found nothing'
# Two zones that share frames.
state 2 zoneinfo 's/start_pfn:           4096/start_pfn:           3072/'
says err "the state of these files: at frame 2048: a list's links disagree or lead elsewhere"
told zoneinfo '1,$d' 0 'field "Node": expected "Node" and a number, found nothing'
told buddyinfo '2d' 2 \
  'field "zone": expected every line of node 0, zone DMA32, found nothing'
told buddyinfo '2s/37/many/' 2 'field "free blocks by order": expected a number, found "many"'
told buddyinfo '2s/37/37 4/' 2 'field "free blocks by order": expected 11 numbers, found "4"'
told pagetypeinfo '1s/9/10/' 1 'field "Page block order:": expected 9, found "Page block order: 10"'
told pagetypeinfo '6s/Movable/Moving/' 6 \
  'field "type": expected a migratetype of the kernel (it has no contiguous areas), found "Moving      0      0      0      0      ..."'
told pagetypeinfo '6d' 18 'field "zone": expected every line of node 0, zone DMA, found nothing'
told pagetypeinfo '16s/Movable/CMA/' 16 'field "type": expected Movable, found "CMA  Reclaimable   HighAtomic      Isola..."'
told pagetypeinfo '17d' 18 'field "zone": expected every line of node 0, zone DMA, found nothing'
told kpageflags '2s/0x100 /0x101 /' 2 \
  'field "first_pfn": expected 0x100, where the line before ends, found "0x101 32 0x0"'
told kpageflags '2s/ 32 / 0 /' 2 'field "count": expected a number of frames that a machine can have, found "0 0x0"'
told kpageflags '2s/0x0/none/' 2 'field "flags": expected a number in hex, found "none"'
state 2 kpageflags '$d'
has err "$folder/kpageflags: expected flags up to frame 65500, where zone DMA32 of node 0 ends, found 6"
printf '\0\0\0\0\0\0\0\0\0' >"$folder/flags"
try 2 state --zoneinfo $machine/zoneinfo.start.gz --buddyinfo $machine/buddyinfo.start.gz \
  --pagetypeinfo $machine/pagetypeinfo.start.gz --kpageflags "$folder/flags"
says err "$folder/flags: expected 8 bytes for each of at most 67108864 frames, found 9 bytes"

# --- serve
try 2 serve $run --rate 0
says err '--rate: expected operations a second, above 0 and at most 1000000, found "0"'
try 2 serve $run --port 70000
says err '--port: expected a port from 0 to 65535, found "70000"'
try 2 serve $run --web "$folder"
says err "--web: expected a folder with an index.html, found \"$folder\""
try 2 serve tests/runfiles/bad/kernel-unknown.jsonl
has err 'kernel-unknown.jsonl:1: field "kernel": expected one of'
mkdir "$folder/web"
echo '<!doctype html>' >"$folder/web/index.html"
"$program" serve $run --port 0 --web "$folder/web" >"$folder/serving" 2>&1 &
server=$!
pids+=($server)
for _ in $(seq 100); do
  [ -s "$folder/serving" ] && break
  sleep 0.1
done
port=$(sed -n 's|.*http://127.0.0.1:\([0-9]*\)/.*|\1|p' "$folder/serving")
[ -n "$port" ] || fail 'serve did not say where it is'
try 2 serve $run --port "$port" --web "$folder/web"
says err "port $port is taken: stop what listens there, or choose another with --port"
kill -TERM $server
wait $server
[ $? -eq 0 ] || fail 'SIGTERM does not end the server well'
lines serving 1

echo "$tests runs of the program, $failures failures"
[ $failures -eq 0 ]
