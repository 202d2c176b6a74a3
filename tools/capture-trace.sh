#!/bin/sh
# Records what the page allocator of this machine does: its trace, and the state of all page frames before and after.
set -eu

usage() {
  cat <<'END'
Usage: capture-trace.sh [-b KIB] [-o DIR] [-s SECONDS]
       capture-trace.sh [-b KIB] [-o DIR] COMMAND [ARGUMENT...]

Traces the page allocator (Linux 6.1 or near it; as root) while COMMAND runs, or for SECONDS, and writes to DIR, which must
not be there yet:
  trace.txt.gz         the trace; open it with the page, or: pageframe map --start kpageflags.start.gz trace.txt.gz
  kpageflags.start.gz  the flags of all page frames before it: the trace's starting state
  kpageflags.end.gz    the same after it, to compare (a few frames may change between the trace's end and this)
  zoneinfo, buddyinfo and pagetypeinfo, .start and .end: with the flags, what `pageframe state` makes a run's beginning of

  -b KIB      trace buffer of each CPU (default 16384); an event takes about 48 bytes
  -o DIR      default: pageframe-trace
  -s SECONDS  default: 5
The trace has its own buffer (a tracefs instance), which is removed at the end; nothing else of the tracing set-up changes.
END
}

fail() {
  echo "capture-trace.sh: $*" >&2
  exit "${status:-1}"
}

bad_use() {
  status=2
  fail "$* (-h shows the usage)"
}

# Binary flags, 8 bytes a frame, as runs `first_pfn count flags`. Without -v od writes equal lines as one, so each line
# with a number begins a run; the last one is the end. Leading zeros go, for some awks take them for octal.
as_runs() {
  od -Ad -w8 -tx8 "$1" | awk '
    $1 == "*" { next }
    { sub(/^0+/, "", $1); pfn = $1 / 8 }
    NR > 1 { printf "0x%x %d 0x%s\n", first, pfn - first, flags }
    { first = pfn; flags = $2; sub(/^0+/, "", flags); if (flags == "") flags = "0" }'
}

# What /proc tells of zones, free blocks and pageblocks: as *.$1
texts() {
  for name in zoneinfo buddyinfo pagetypeinfo; do
    cat "/proc/$name" >"$out/$name.$1"
  done
}

tidy() {
  trap - EXIT
  exec 3>&-
  if [ -d "$instance" ]; then
    echo 0 >"$instance/tracing_on" || true
    rmdir "$instance" || true
  fi
  rm -rf "$work"
}

kib=16384
out=pageframe-trace
seconds=5
while getopts b:o:s:h option; do
  case $option in
    b) kib=$OPTARG ;;
    o) out=$OPTARG ;;
    s) seconds=$OPTARG ;;
    h) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
done
shift $((OPTIND - 1))
case $kib in '' | *[!0-9]*) bad_use "-b: expected a number of KiB, found \"$kib\"" ;; esac
case $seconds in '' | *[!0-9]*) bad_use "-s: expected a number of seconds, found \"$seconds\"" ;; esac

[ "$(id -u)" -eq 0 ] || fail "must be run as root: it reads /proc/kpageflags and sets up a trace"
[ -r /proc/kpageflags ] || fail "this kernel has no /proc/kpageflags (CONFIG_PROC_PAGE_MONITOR)"
tracefs=
for folder in /sys/kernel/tracing /sys/kernel/debug/tracing; do
  if [ -z "$tracefs" ] && [ -d "$folder/instances" ]; then tracefs=$folder; fi
done
[ -n "$tracefs" ] || fail "no tracefs; try: mount -t tracefs tracefs /sys/kernel/tracing"
[ -d "$tracefs/events/kmem/mm_page_alloc" ] || fail "this kernel has no page allocator events (kmem:mm_page_alloc)"
mkdir "$out" || fail "$out: expected a folder that is not there yet"

instance=$tracefs/instances/pageframe-$$
work=$out/work
mkdir "$work"
trap tidy EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$instance" || fail "cannot make a trace of its own in $tracefs/instances"
echo 0 >"$instance/tracing_on"
echo "$kib" >"$instance/buffer_size_kb" || fail "-b $kib: the kernel has no memory for such a buffer on each CPU"
for event in mm_page_alloc mm_page_free mm_page_alloc_zone_locked mm_page_pcpu_drain; do
  echo 1 >"$instance/events/kmem/$event/enable"
done

# As little as can be shall happen between a snapshot and the switch beside it. So the files have all their pages
# beforehand, and the cat that reads the flags lives on both sides: it waits at a pipe, and the shell switches meanwhile.
cat /proc/kpageflags >"$work/start"
cat "$work/start" >"$work/end"
mkfifo "$work/started" "$work/ended"

texts start
cat /proc/kpageflags "$work/started" 1<>"$work/start" &
exec 3>"$work/started"
echo 1 >"$instance/tracing_on"
exec 3>&-
wait $!

cat "$work/ended" /proc/kpageflags 1<>"$work/end" &
reader=$!
exec 3>"$work/ended"
if [ $# -gt 0 ]; then
  "$@" 3>&- || echo "capture-trace.sh: $1 ended with status $?; its trace is kept" >&2
  sleep 1 3>&- # much of what the command held is given back a little later
else
  sleep "$seconds" 3>&-
fi
echo 0 >"$instance/tracing_on"
exec 3>&-
wait "$reader"
texts end

cat "$instance/trace" | gzip -9c >"$out/trace.txt.gz" # a file of tracefs has no size, of which gzip would complain
as_runs "$work/start" | gzip -9c >"$out/kpageflags.start.gz"
as_runs "$work/end" | gzip -9c >"$out/kpageflags.end.gz"
entries=$(gzip -dc "$out/trace.txt.gz" | sed -n 's/^# entries-in-buffer\/entries-written: \([0-9/]*\).*/\1/p;/^[^#]/q')
echo "$out: ${entries%/*} events"
[ "${entries%/*}" = "${entries#*/}" ] ||
  echo "capture-trace.sh: of ${entries#*/} events the oldest were overwritten; try a larger buffer (-b)" >&2
