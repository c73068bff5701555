#!/usr/bin/env bash
# Every value of a factor, every word of the tables that are shown and every word that users bring is explained, and so is
# what an explanation points at.
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

explained()
{
    capture "$H5ROOF" explain -- "$@"
    [ "$code" -eq 0 ] || fail "'$*' is not explained"
    [ "$(wc -l <"$tmp/said/stdout")" -ge 2 ] || fail "'$*': no explanation"
}

# ---- values: all that the program itself says a factor can be, in the words of its error message
while read -r factor; do
    capture "$H5ROOF" plan "$H5ROOF_SOURCE/configs/smoke.yaml" --set "$factor=no-such-value"
    choices=$(sed -n "s/.*unknown $factor 'no-such-value': one of \([^;]*\).*/\1/p" "$tmp/said/stderr" | head -1)
    for value in ${choices//,/ }; do
        case $value in or | a | size | such | as | 64KiB) continue ;; esac
        explained "$value"
        grep -qE "^a value of the factor $factor\$|\((workload|driver)\)\$" "$tmp/said/stdout" || fail "$value: nothing is said of $factor"
    done
done < <("$H5ROOF" list factors | awk '{print $1}')
explained early
explained nan
explained guess
explained interleaved
# A value of several factors is that of all of them.
explained all
for factor in ranks update collective_metadata; do
    grep -q "^a value of the factor $factor\$" "$tmp/said/stdout" || fail "all: not that of $factor"
done

# ---- the words of the tables' headings, two blanks or more between them
headings=$("$H5ROOF" show "$H5ROOF_SOURCE/results/reference/drivers" --no-notes 2>/dev/null || "$H5ROOF" show "$H5ROOF_SOURCE/results/reference/drivers")
headings+=$'\n'$("$H5ROOF" show "$H5ROOF_SOURCE/results/reference/lessons")
headings+=$'\n'$("$H5ROOF" plan "$H5ROOF_SOURCE/configs/smoke.yaml")
headings+=$'\n'$("$H5ROOF" show "$H5ROOF_SOURCE/results/reference/drivers" --sizes)
words=$(grep -E '^(case|scaling|  +durable)' <<<"$headings" | sed 's/(of the medians.*//; s/  */ /g; s/^ //; s/95 % interval/95_%_interval/g; s/durable write/durable_write/
    s/read (\(cache [a-z-]*\))/read \1/; s/cache \([a-z-]*\)/cache_\1/' | tr ' ' '\n' | sort -u)
[ "$(wc -w <<<"$words")" -ge 10 ] || fail "few words in the headings: $words"
for word in $words speedup efficiency ranks noisy bounded stored file; do
    IFS=_ read -ra pieces <<<"$word"
    explained "${pieces[@]}"
done

# Words of compare and noise, and headings as they stand.
for word in verdict slower faster same inconclusive interval "can tell" called refused "read (cache as-is)" "cache cold" "cache warm" "95%"; do
    explained "$word"
done

# ---- what users bring
for word in stripe lustre Lustre unlimited compression aggregation fsync alignment "collective buffering" "chunk cache" "page cache" \
    hyperslab aggregator subfiling gpfs beegfs nfs bandwidth latency warm-up repetition block ceiling durable eff roof n MiB/s true false \
    striping chunking ior IOR fio gzip h5py mpich malloc locking "out of memory" binding throughput sync ratio; do
    explained "$word"
    [ "$(wc -l <"$tmp/said/stdout")" -ge 3 ] || fail "'$word': hardly an explanation"
done
capture "$H5ROOF" explain agregation
expect_code 2
expect_error "did you mean 'aggregation'"

# ---- what is pointed at, and never at itself; a pointer is the last line of an explanation
for topic in words factors columns values operations; do
    "$H5ROOF" list "$topic" | sed 's/  .*//'
done | sort -u >"$tmp/names"
while read -r name; do
    echo "NAME $name"
    "$H5ROOF" explain -- "$name"
    echo
done <"$tmp/names" | awk '
    sub(/^NAME /, "") { name = $0; next }
    sub(/^see: /, "") { on = 1; line = "" }
    on && /^$/ { print name "\t" line; on = 0 }
    on { line = line (line == "" ? "" : " ") $0 }' | sed 's/explain //g' >"$tmp/see"
while read -r name; do
    grep -qF -- "$name"$'\t' "$tmp/see" || fail "$name points at nothing"
done <"$tmp/names"
awk -F '\t' '{ n = split($2, to, ", "); for (i = 1; i <= n; i++) { print to[i]; if (to[i] == $1) print $1 " points at itself" >"/dev/stderr" } }' \
    "$tmp/see" >"$tmp/all" 2>"$tmp/circles"
[ ! -s "$tmp/circles" ] || fail "$(cat "$tmp/circles")"
sort -u "$tmp/all" >"$tmp/targets"
[ "$(wc -l <"$tmp/targets")" -ge 50 ] || fail "few targets: $(cat "$tmp/targets")"
while read -r target; do
    case $target in
    docs/*) [ -f "$H5ROOF_SOURCE/$target" ] || fail "no page $target" ;;
    *) "$H5ROOF" explain -- "$target" >/dev/null || fail "'$target' is pointed at and not explained" ;;
    esac
done <"$tmp/targets"
explained lustre
expect_said '^see: explain stripe, explain alignment, explain hints, docs/cluster.md$'
