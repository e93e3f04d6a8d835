#!/bin/sh
# An epoch of the digits network in Descent's executor, in a session, in PyTorch and in JAX, one after
# the other in each round; the best round counts. Peers are left out where they are not installed:
# PEERS names the Python that has them. Usage: digits.sh [rounds]; run.sh builds what it needs.
set -eu
cd "$(dirname "$0")"
rounds=${1:-3}
out=.build/c
bench=.build/release/bench
descent=$PWD/../.build/release/descent
python=${PEERS:-python3}
mkdir -p "$out"
: > "$out/digits.txt"
libraries=
for library in torch jax; do
  if "$python" -c "import numpy, $library" 2> /dev/null; then
    libraries="$libraries $library"
  else
    echo "$library is not there for $python (PEERS=… names another): left out"
  fi
done

# What so many epochs take in a session, from the start of the process to its end.
session() {
  {
    [ "$1" = f32 ] && echo "set precision float32"
    cat digits.descent
    echo "step $2 epochs"
  } > "$out/digits_$1_$2.descent"
  (cd ../datasets && RUNS=3 "../Benchmarks/$out/start_up" session "$descent" run \
    "../Benchmarks/$out/digits_$1_$2.descent")
}

round=0
while [ "$round" -lt "$rounds" ]; do
  "$bench" digits >> "$out/digits.txt"
  for precision in f64 f32; do
    if [ -x "$descent" ] && few=$(session $precision 20) && many=$(session $precision 220); then
      echo "session_$precision $few $many" |
        awk '{ print $1, ($6 - $3) / 200; print $1 "_memory", $7 - $4 }' >> "$out/digits.txt"
    fi
    for library in $libraries; do
      "$python" peers/digits.py "$library" $precision >> "$out/digits.txt"
    done
  done
  round=$((round + 1))
done

awk '
  { if (!($1 in best) || $2 < best[$1]) best[$1] = $2 }
  function show(name, key,   i, p, text) {
    text = sprintf("%-28s", name)
    for (i = 1; i <= 2; i++) {
      p = i == 1 ? "f64" : "f32"
      text = text sprintf("%12s", key p in best ? sprintf("%.2f", best[key p] / 1e6) : "-")
      text = text sprintf("%12s", key p in best && ("digits_epoch_" p) in best \
        ? sprintf("%.2f", best[key p] / best["digits_epoch_" p]) : "-")
    }
    print text
  }
  END {
    printf "%-28s%12s%12s%12s%12s\n", "digits 64-128-10, batch 32", "f64, ms", "times", "f32, ms", "times"
    show("executor, an epoch", "digits_epoch_")
    show("session, an epoch", "session_")
    show("PyTorch eager, its Adam", "torch_")
    show("JAX, one jitted step", "jax_")
    for (i = 1; i <= 2; i++) {
      p = i == 1 ? "f64" : "f32"
      printf "(loss + gradient)/loss, %s: %.2f\n", p, best["digits_gradient_" p] / best["digits_loss_" p]
      if (("session_" p "_memory") in best)
        printf "memory of 200 epochs more, %s: %d kB\n", p, best["session_" p "_memory"]
    }
  }' "$out/digits.txt"
