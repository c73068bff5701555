#!/usr/bin/env bash
# once: it runs what the documents show with the build that users get
# The commands of README.md and docs/ work: blocks marked sh are run, of those marked console the options are checked, suites
# (blocks marked yaml) are planned, and messages that are quoted are given.
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

# expect_quoted FILE: what it quotes of errors and of skipped cases was said when its commands were run
expect_quoted()
{
    # shellcheck disable=SC2016 # the backquotes are Markdown's
    { blocks text "$1" && sed -n 's/^| `\(error: .*\)` | .*/\1/p' "$1"; } |
        { grep -E 'error: |  skipped: ' || true; } |
        while read -r line; do
            cat "$tmp/said/stdout" "$tmp/said/all" | grep -qF -- "$line" || complain "$1: nobody says: $line"
        done
}

# headings FILE: what its headings are called in links
headings()
{
    awk '/^```/ { inside = !inside } !inside && /^#+ /' "$1" | sed -E 's/^#+ //' | tr '[:upper:]' '[:lower:]' | tr -cd 'a-z0-9_ \n-' | tr ' ' -
}

# ---- every block says what it is, so that none stays unrun by mistake; links lead somewhere
for file in "${documents[@]}"; do
    awk '/^```/ { inside = !inside; if (inside && $0 !~ /^```(sh|console|text|yaml)$/) { print FILENAME ":" FNR ": " $0; bad = 1 } }
         END { if (inside) print FILENAME ": the last block has no end"; exit bad || inside }' "$file" || fail "a block of no known language"
    { grep -oE '\]\([^)#:]+' "$file" || true; } | cut -c 3- | { grep -v '^https$' || true; } | while read -r link; do
        [ -e "$(dirname "$file")/$link" ] || fail "$file: $link is not there"
    done
    { grep -oE '\]\([^):]*#[^):]+' "$file" || true; } | cut -c 3- | while IFS='#' read -r page heading; do
        headings "${page:+$(dirname "$file")/}${page:-$file}" | grep -qxF -- "$heading" || fail "$file: $page has no heading #$heading"
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

# ---- suites can be planned
for file in "${documents[@]}"; do
    rm -rf "$tmp/suites"
    mkdir "$tmp/suites"
    save_suites "$file" "$tmp/suites"
    [ "$(blocks yaml "$file" | grep -c '^suite: ' || true)" -eq "$(find "$tmp/suites" -type f | wc -l)" ] ||
        fail "$file: two suites of one name, or in one block"
    find "$tmp/suites" -type f | while read -r suite; do
        capture "$H5ROOF" plan "$suite"
        [ "$code" -eq 0 ] || complain "$file: the suite $(basename "$suite" .yaml) cannot be planned"
    done
done

# ---- and what can be run is
"$MPIRUN" --version | grep -q 'Open MPI' || skip "the documents show Open MPI's launcher"
python_with pandas matplotlib jinja2 >"$tmp/python" || skip "$(cat "$tmp/python")"
prepare_docs "$(dirname "$H5ROOF")" "$H5ROOF_SOURCE/scripts"
for file in "${documents[@]}"; do
    [ -z "$(blocks sh "$file")" ] || run_doc "$file"
    [ "$file" != docs/suites.md ] || expect_quoted "$file"
done
for file in docs/tutorial.md docs/cluster.md docs/reading.md docs/suites.md; do
    [ "$(blocks sh "$file" | wc -l)" -gt 5 ] || fail "$file: few commands were run"
done
