#!/bin/sh
# Runs fuzz targets for some seconds each: run.sh BUILD SECONDS JOBS [TARGET...]. Every target that BUILD has, unless some are named.
# What is found lies in BUILD/fuzz: logs, the corpus that grew, and inputs that broke a claim.
set -u

build=$1 seconds=$2 jobs=$3
shift 3
here=$(dirname "$0")
programs=$build/tests/fuzz
[ $# -gt 0 ] || set -- $(cd "$programs" && ls | sed -n 's/^fuzz_\([a-z_]*\)$/\1/p')
mkdir -p "$build/fuzz/crashes"
ulimit -s 65536   # frames are larger under the sanitizers

one() {
  target=$1 work=$build/fuzz
  mkdir -p "$work/corpus/$target"
  set -- "$work/corpus/$target"
  for folder in "$here/seeds/$target" "$here/regressions/$target"; do
    [ -d "$folder" ] && set -- "$@" "$folder"
  done
  case $target in model|yaml) set -- "$@" "$here/../../models" "$here/../golden/diagnostics" "$here/../language" ;; esac
  longest=4096
  case $target in model|yaml|plan) longest=16384 ;; generated) longest=512 ;; esac
  dictionary=$here/dictionaries/$target.dict
  [ -f "$dictionary" ] && set -- "-dict=$dictionary" "$@"
  # ASan's own memory counts too: what was freed and is kept for a while, and every stack that ever allocated, of which
  # recursive code has any number. Little of both, or the limit says nothing of the code.
  ASAN_OPTIONS=detect_leaks=1:quarantine_size_mb=16:malloc_context_size=6 UBSAN_OPTIONS=print_stacktrace=1 \
    "$programs/fuzz_$target" -max_total_time="$seconds" -max_len=$longest -timeout=5 -rss_limit_mb=1024 -malloc_limit_mb=256 -print_final_stats=1 \
    -artifact_prefix="$work/crashes/$target-" "$@" > "$work/$target.log" 2>&1
  status=$?
  awk -v target="$target" -v status=$status '
    /cov: / { for (i = 1; i < NF; ++i) if ($i == "cov:") cov = $(i + 1) }
    /^Done / { seconds = $5 }
    /number_of_executed_units/ { runs = $2 }
    /average_exec_per_sec/ { rate = $2 }
    END { printf "%-12s %10d runs %6s s %8d/s  coverage %6d  %s\n", target, runs, seconds, rate, cov, status == 0 ? "nothing found" : "FOUND" }' "$work/$target.log"
  [ $status -eq 0 ] || { tail -n 40 "$work/$target.log" | sed 's/^/    /'; touch "$work/found"; }
}

rm -f "$build/fuzz/found"
running=0
for target in "$@"; do
  one "$target" &
  running=$((running + 1))
  # In groups: the targets of a group take the same time.
  if [ $running -ge "$jobs" ]; then wait; running=0; fi
done
wait
if [ -e "$build/fuzz/found" ]; then
  echo "inputs that broke a claim: $build/fuzz/crashes; tests/fuzz/README.md says what to do"
  exit 1
fi
