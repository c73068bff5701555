#!/usr/bin/env bash
# A witness for the store roof: fio beside it, in alternation, on the same directory, with the same sizes, ranks, sync and cache.
set -euo pipefail
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage()
{
    cat <<'END'
Usage: scripts/witness.sh DIR [--ranks N] [--size MIB] [--rounds N] [--build DIR] [--keep DIR]

Runs h5roof's store roof and fio in alternation in DIR, and prints roof / fio for writing and reading with its 95 % interval,
with reads from the page cache (as-is) and from the device (cold). Above 1 the roof was faster.
  --ranks N     ranks, and jobs of fio (default: 2)
  --size MIB    of all ranks together (default: 512)
  --rounds N    pairs; below 6 there is no interval (default: 9)
  --build DIR   use the program of this build (default: build/release, which is made)
  --keep DIR    a new directory for what was measured; scripts/witness.py DIR prints the table again

Environment:
  MPIRUN        launcher with its options, instead of the one found
END
}

dir=
ranks=2
size=512
rounds=9
build=
keep=
while [ $# -gt 0 ]; do
    case $1 in
    --ranks | --size | --rounds | --build | --keep)
        [ $# -ge 2 ] || die "$1 needs a value; see --help"
        declare "${1#--}=$2"
        shift
        ;;
    -h | --help)
        usage
        exit 0
        ;;
    -*) die "unknown argument '$1'; see --help" ;;
    *) dir=$1 ;;
    esac
    shift
done
for number in "$ranks" "$size" "$rounds"; do
    [[ $number =~ ^[1-9][0-9]*$ ]] || die "'$number' is not a number"
done
[ -d "$dir" ] || die "give a directory to measure in; see --help"
[ $((size % ranks)) -eq 0 ] || die "--size $size is no multiple of --ranks $ranks"
command -v fio >/dev/null || die "fio is missing (Debian package fio)"
python=$(python_with json) || die "no python3"

if [ -z "$build" ]; then
    build_preset release h5roof
    build=$root/build/release
fi
h5roof=$build/h5roof
[ -x "$h5roof" ] || die "no program $h5roof"
read -r -a launcher <<<"${MPIRUN:-$(sed -n 's/^H5R_MPIRUN:[^=]*=//p' "$build/CMakeCache.txt")}"
allow_root

work=$(mktemp -d "$dir/witness.XXXXXX")
out=${keep:-$(mktemp -d)}
tidy()
{
    rm -rf "$work"
    [ -n "$keep" ] || rm -rf "$out"
}
trap tidy EXIT
[ -z "$keep" ] || mkdir "$keep" || die "--keep takes a new directory"

# The warm-up blocks are the trials of the ways; then one block is measured. All calls use one buffer of 1 MiB, as
# fio's do: one as large as its part fio would not touch before it reads into it.
cat >"$out/witness.yaml" <<END
suite: witness
repeat: {warmup: 3, min: 1, max: 1}
verify: false
defaults: {driver: posix, dtype: f64, shape: [$((size * 131072))], access: 1MiB, buffers: call}
cases: [{name: roof, sweep: {cache: [as-is, cold]}}]
END

# roof ROUND CACHE
roof()
{
    "${launcher[@]}" -n "$ranks" "$h5roof" run "$out/witness.yaml" --only "roof/cache=$2" --roofs store --scratch "$work" \
        --out "$out/$1.$2.roof" >"$out/log" 2>&1 || die "h5roof failed: $(cat "$out/log")"
}

# job ROUND CACHE DIRECTION OPTIONS...: each job moves its part in calls of 1 MiB.
job()
{
    local part=$((size / ranks))
    fio --name=witness --directory="$work" --ioengine=psync --iomem_align=4096 --fallocate=none --scramble_buffers=0 \
        --numjobs="$ranks" --size=${part}m --bs=1m --rw="$3" --output-format=json --output="$out/$1.$2.$3.json" "${@:4}" \
        >"$out/log" 2>&1 || die "fio failed: $(cat "$out/log")"
}

# witness ROUND CACHE
witness()
{
    local evict=0
    [ "$2" != cold ] || evict=1
    job "$1" "$2" write --create_on_open=1 --end_fsync=1 --invalidate=1
    job "$1" "$2" read --invalidate=$evict
    rm -f "$work"/witness.*
}

for ((i = 1; i <= rounds; i++)); do
    for cache in as-is cold; do
        if ((i % 2)); then # neither always finds the machine as the other left it
            roof "$i" $cache
            witness "$i" $cache
        else
            witness "$i" $cache
            roof "$i" $cache
        fi
    done
done
"$python" -B "$root/scripts/witness.py" "$out"
