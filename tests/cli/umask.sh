#!/usr/bin/env bash
# What a run leaves has the rights that the user's umask gives, and nothing anybody can write.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
make_tmp
cat >"$tmp/one.yaml" <<END
suite: one
repeat: {warmup: 0, min: 1, max: 1}
cases: [{name: one, driver: mpio, shape: [8, 8]}]
END
while read -r mask files directories; do
    rm -rf "$tmp/out"
    (
        umask "$mask"
        capture "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$tmp/out/deep"
        expect_code 0
    ) || exit 1
    for rights in "f:$files" "d:$directories"; do
        found=$(find "$tmp/out" -type "${rights%:*}" ! -perm "${rights#*:}")
        [ -z "$found" ] || fail "umask $mask: $(find "$tmp/out" -printf '%m %p ')"
    done
done <<'END'
077 600 700
002 664 775
022 644 755
END
