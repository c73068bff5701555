#!/usr/bin/env bash
# The plan of the smoke suite for 2 ranks.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

suite=$H5ROOF_SOURCE/configs/smoke.yaml
capture "$H5ROOF" plan "$suite"
expect_code 0
expect_said '^suite smoke for 2 ranks .*: [0-9]+ cases run, [0-9]+ skipped, [0-9]+ left out$'
expect_said '^driver/driver=(direct|subfiling) +(skipped: .+|write +2 .*)$'
# Which drivers there are is a matter of the library, and the time is a guess.
sed -i '/^driver\/driver=\(direct\|subfiling\)/{/skipped/!N;d}; s/: [0-9]* cases run, [0-9]* skipped/: N cases run, M skipped/
    s/time roughly .*/time/; s/  *[0-9.]* [mu]\{0,1\}s$/  TIME/; s/  *[0-9.]* [mu]\{0,1\}s\(  bounded.*\)$/  TIME\1/' "$tmp/said/stdout"
golden smoke
expect_nothing_left

capture "$H5ROOF" plan "$suite" --ranks 2
cp "$tmp/said/stdout" "$tmp/two"
capture "$H5ROOF" plan "$suite"
cmp "$tmp/two" "$tmp/said/stdout" || fail "2 ranks are not what is planned for by default"
capture "$H5ROOF" plan "$suite" --ranks 1 --only 'driver/driver=sec2'
expect_said 'for 1 rank .*: 1 case run, 0 skipped'
