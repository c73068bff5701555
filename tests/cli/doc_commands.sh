#!/usr/bin/env bash
# once: it runs what the documents show with the build that users get
# The commands of README.md and docs/ work: blocks marked sh are run, of those marked console the options are checked.
# timeout: 600
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/cli/doc_blocks.sh
. "$H5ROOF_SOURCE/tests/cli/doc_blocks.sh"
: "${MPIRUN:?}"
make_tmp
cd "$H5ROOF_SOURCE"
documents=(README.md CONTRIBUTING.md docs/*.md)

# ---- every block says what it is, so that none stays unrun by mistake; links lead somewhere
for file in "${documents[@]}"; do
    awk '/^```/ { inside = !inside; if (inside && $0 !~ /^```(sh|console|text|yaml)$/) { print FILENAME ":" FNR ": " $0; bad = 1 } }
         END { if (inside) print FILENAME ": the last block has no end"; exit bad || inside }' "$file" || fail "a block of no known language"
    { grep -oE '\]\([^)#:]+' "$file" || true; } | cut -c 3- | while read -r link; do
        [ -e "$(dirname "$file")/$link" ] || fail "$file: $link is not there"
    done
    { grep -oE '\bscripts/[a-z_/-]+\.(sh|py)' "$file" || true; } | while read -r script; do
        [ -x "$script" ] || fail "$file: $script is not there"
    done
done

# ---- commands and options that are shown exist, in what is not run, too
for file in "${documents[@]}"; do
    { blocks sh "$file" && blocks console "$file" && blocks text "$file"; } | { grep -oE '\bh5roof [a-z]+ [^|>#;]*' || true; } |
        { grep -v '  ' || true; } |
        while read -r _ command rest; do
            "$H5ROOF" "$command" --help >"$tmp/help" 2>&1 || fail "$file: h5roof has no command '$command'"
            { grep -oE -- '(^| )--[a-z-]+' <<<"$rest" || true; } | while read -r option; do
                grep -qE -- "^  $option( |$)" "$tmp/help" || fail "$file: h5roof $command has no $option"
            done
        done
done

# ---- and what can be run is
"$MPIRUN" --version | grep -q 'Open MPI' || skip "the documents show Open MPI's launcher"
python_with pandas matplotlib jinja2 >"$tmp/python" || skip "$(cat "$tmp/python")"
prepare_docs "$(dirname "$H5ROOF")" "$H5ROOF_SOURCE/scripts"
for file in "${documents[@]}"; do
    [ -z "$(blocks sh "$file")" ] || run_doc "$file"
done
for file in docs/tutorial.md docs/cluster.md; do
    [ "$(blocks sh "$file" | wc -l)" -gt 5 ] || fail "$file: few commands were run"
done
