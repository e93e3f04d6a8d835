#!/bin/sh
# How long identify takes: the first one of a process, which reads the catalogue, and each further
# one, in turn with NumPy running as many rules once. PEERS names a Python that has NumPy.
# Usage: identify.sh [rounds]; needs .build/release/descent.
set -eu
cd "$(dirname "$0")"
rounds=${1:-3}
out=.build/c
descent=${DESCENT:-$PWD/../.build/release/descent}
python=${PEERS:-python3}
mkdir -p "$out"
# A binary that was built elsewhere finds the catalogue here.
DESCENT_HOME=${DESCENT_HOME:-$(cd .. && pwd)}
export DESCENT_HOME
${CC:-cc} -O3 -march=native -o "$out/start_up" c/start_up.c

rules() {
  cat <<'RULES'
rule a = latex "m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t, v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2, \hat m_t = m_t/(1-\beta_1^t), \hat v_t = v_t/(1-\beta_2^t), \theta_{t+1} = \theta_t - \alpha \hat m_t/(\sqrt{\hat v_t} + \epsilon)";
rule b = latex "m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t, v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2, \hat m_t = m_t/(1-\beta_1^t), \hat v_t = v_t/(1-\beta_1^t), \theta_{t+1} = \theta_t - \alpha \hat m_t/(\sqrt{\hat v_t} + \epsilon)";
RULES
}
# Both rules so many times: one that the catalogue has, one that it has not.
session() {
  rules
  i=0
  while [ "$i" -lt "$1" ]; do
    echo "identify a"
    echo "identify b"
    i=$((i + 1))
  done
}
for count in 0 1 6; do session "$count" > "$out/identify_$count.descent"; done
{ rules; echo "identify a"; } > "$out/identify_first.descent"
milliseconds() {
  RUNS=3 "$out/start_up" "$1" "$descent" run "$out/identify_$1.descent" | awk '{ print $2 / 1e6 }'
}
: > "$out/identify.txt"
round=0
while [ "$round" -lt "$rounds" ]; do
  none=$(milliseconds 0); first=$(milliseconds first); one=$(milliseconds 1); six=$(milliseconds 6)
  numpy=$("$python" peers/identify.py 2> /dev/null || echo nan)
  echo "$none $first $one $six $numpy" >> "$out/identify.txt"
  round=$((round + 1))
done
awk '
  { first = $2 - $1; each = ($4 - $3) / 10
    if (!n || first < f) f = first
    if (!n || each < e) e = each
    if ($5 + 0 > 0 && (!p || $5 < p)) p = $5
    n++ }
  END {
    printf "%-46s %8.1f ms%s\n", "the first identify, which reads the catalogue", f, p ? sprintf("  %.2f", f / p) : ""
    printf "%-46s %8.1f ms%s\n", "each further one", e, p ? sprintf("  %.2f", e / p) : ""
    if (p) printf "%-46s %8.1f ms  1\n", "NumPy, 75 rules of Adam, 30 steps, once", p
  }' "$out/identify.txt"
