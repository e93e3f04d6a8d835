#!/bin/sh
# Fuzzes for so many seconds (60) from the seeds; what breaks is left here as crash-… files.
set -eu
cd "$(dirname "$0")"
seconds=${1:-60}
swift build -c release --product fuzz -Xswiftc -sanitize=fuzzer -Xswiftc -parse-as-library
mkdir -p .build/corpus
SWIFT_BACKTRACE=enable=no DESCENT_HOME="$PWD/../.." .build/release/fuzz \
  -max_total_time="$seconds" -timeout=20 -rss_limit_mb=6000 -max_len=4096 \
  .build/corpus ../FuzzSeeds
