#!/bin/sh
# How long check takes for a document of some thirty formulas, in processor time and beside the start
# of a session that does nothing. Needs .build/release/descent.
# Usage: check.sh [rounds]
set -eu
cd "$(dirname "$0")"
rounds=${1:-5}
out=.build/c
descent=${DESCENT:-$PWD/../.build/release/descent}
mkdir -p "$out"
DESCENT_HOME=${DESCENT_HOME:-$(cd .. && pwd)}
export DESCENT_HOME
${CC:-cc} -O3 -march=native -o "$out/start_up" c/start_up.c
checked=../Tests/Transcripts/checked
cat "$checked"/six-methods.md "$checked"/four-methods.md "$checked"/three-methods.md \
  "$checked"/smaller-models.md > "$out/post.md"
"$descent" check "$out/post.md" | head -1 || true
milliseconds() { RUNS="$rounds" "$out/start_up" "$@" | awk '{ print $2 / 1e6 }'; }
empty=$(milliseconds empty "$descent" -e ';')
whole=$(milliseconds check "$descent" check "$out/post.md")
awk -v empty="$empty" -v whole="$whole" 'BEGIN {
  printf "%-46s %8.1f ms  1\n", "a session that does nothing", empty
  printf "%-46s %8.1f ms  %.0f\n", "check of the document", whole, whole / empty
}'
