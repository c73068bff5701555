#!/usr/bin/env bash
# The figures of docs/lessons.md, measured again on this machine.
set -euo pipefail
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

usage()
{
    cat <<'END'
Usage: scripts/dev/lessons.sh [ARGUMENT of h5roof run]...

Builds build/release, runs configs/notebook.yaml with 2 ranks into results/reference/lessons, lets h5py run the notebook's own
loops there, and writes the table of figures into docs/lessons.md. Needs set-up (scripts/setup.sh) and a Python with h5py.
Repetitions go on until a ratio's interval is within a quarter of it; the program's end after 7 minutes (--max-time), spent
where intervals are widest, and h5py's after 1. What is still wider is said in its row. The machine should have nothing else
to do. Further arguments go to `h5roof run`.

Environment:
  MPIRUN    launcher with its options, instead of the one found
END
}

case ${1:-} in
-h | --help)
    usage
    exit 0
    ;;
esac

build_preset release h5roof
allow_root
read -r -a launch <<<"${MPIRUN:-$(cached release H5R_MPIRUN)}"
python=$(python_with h5py numpy) || die "no Python with h5py and numpy (PYTHON=... names one)"
cd "$root"
kept=results/reference/lessons
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
"${launch[@]}" -n 2 build/release/h5roof run configs/notebook.yaml --max-time 7m --out "$new/run" "$@"
"$python" scripts/dev/lessons.py time "$new/run/h5py.csv"
mkdir -p "$kept"
for file in results.csv env.json plan.yaml h5py.csv; do
    mv "$new/run/$file" "$kept/$file"
done
"$python" scripts/dev/lessons.py table "$kept" --into docs/lessons.md
say "figures: docs/lessons.md, rows: $kept"
