#!/usr/bin/env bash
# --resume with other ranks, another machine or other libraries than those of env.json is refused.
# timeout: 300
# shellcheck disable=SC2119 # resume takes more arguments, or none
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
# shellcheck source=tests/fault/resuming.sh
. "$H5ROOF_SOURCE/tests/fault/resuming.sh"
python=$(python_with json) || skip "no python3"

resume
expect_code 0

# ---- another machine
resume_with()
{
    capture "$MPIRUN" --timeout 60 -n "$1" "$H5ROOF" run "$tmp/short.yaml" --scratch "$tmp/scratch" --out "$out" --resume
}

before=$(fingerprint)
resume_with 3
refused 2 "$out was measured elsewhere: rank_count was 2 and is 3; nodes\[0\].ranks was 2 and is 3; give another --out"
cp "$out/env.json" "$tmp/env.json"
# doctor PATH VALUE: another environment that the results come from
doctor()
{
    "$python" - "$tmp/env.json" "$out/env.json" "$1" "$2" <<'END'
import json, re, sys
source, target, path, value = sys.argv[1:]
env = json.load(open(source, encoding="utf-8"))
*way, last = [int(part) if part.isdigit() else part for part in re.findall(r"\w+", path)]
at = env
for part in way:
    at = at[part]
assert at[last] != value
at[last] = value
json.dump(env, open(target, "w", encoding="utf-8"))
END
    before=$(fingerprint)
}

for path in hdf5.version mpi.library 'nodes[0].cpu_model' filesystems.scratch.type libraries.zlib; do
    doctor "$path" other
    resume
    quoted=${path//[/\\[}
    refused 2 "measured elsewhere: ${quoted//]/\\]} was other and is .*; give another --out"
done
doctor start_utc yesterday
resume
expect_code 0
echo '{' >"$out/env.json"
before=$(fingerprint)
resume
refused 4 "env.json"
cp "$tmp/env.json" "$out/env.json"
rm "$out"/env-*.json
