#!/bin/sh
# Runs each benchmark beside its C version and prints a table, then the digits network beside PyTorch
# and JAX (see digits.sh). Rounds alternate, so that a busy machine is unfair to both; the best round
# counts. Usage: run.sh [rounds]
set -eu
cd "$(dirname "$0")"
rounds=${1:-3}
out=.build/c
mkdir -p "$out"
for name in rosenbrock_adam linear_regression adam_update start_up; do
  ${CC:-cc} -O3 -march=native -fno-math-errno -o "$out/$name" "c/$name.c" -lm -lpthread
done
swift build -c release 2>&1 | grep -E "error|warning" || true
bench=.build/release/bench
: > "$out/c.txt"
: > "$out/descent.txt"
round=0
while [ "$round" -lt "$rounds" ]; do
  "$out/rosenbrock_adam" >> "$out/c.txt"
  "$bench" rosenbrock >> "$out/descent.txt"
  "$out/linear_regression" >> "$out/c.txt"
  "$bench" regression >> "$out/descent.txt"
  "$out/adam_update" >> "$out/c.txt"
  "$bench" adam >> "$out/descent.txt"
  round=$((round + 1))
done
awk '
  FILENAME ~ /\/c\.txt$/ { if (!($1 in c) || $2 < c[$1]) c[$1] = $2; next }
  { if (!($1 in d)) { order[++n] = $1; d[$1] = $2 } else if ($2 < d[$1]) d[$1] = $2; asks[$1] = $4 }
  END {
    printf "%-30s %12s %12s %9s %12s\n", "", "Descent, ns", "C, ns", "Descent/C", "allocations"
    for (i = 1; i <= n; i++) {
      k = order[i]
      ratio = k in c ? sprintf("%.2f", d[k] / c[k]) : "-"
      other = k in c ? sprintf("%.3f", c[k]) : "-"
      printf "%-30s %12.3f %12s %9s %12s\n", k, d[k], other, ratio, asks[k]
    }
  }' "$out/c.txt" "$out/descent.txt"
if [ -x ../.build/release/descent ]; then
  echo
  "$out/start_up" "descent -e '1 - 0.9^3'" ../.build/release/descent -e '1 - 0.9^3' |
    awk '{ printf "start-up to a result: %.2f ms, %.1f MB at most\n", $(NF-1) / 1e6, $NF / 1024 }'
fi
echo
./digits.sh "$rounds"
echo
./check.sh
./identify.sh
