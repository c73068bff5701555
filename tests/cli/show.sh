#!/usr/bin/env bash
# show: the table of a run that is kept here, and what it says of results that are torn, missing, foreign or newer.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

data=$H5ROOF_SOURCE/tests/cli/data/small
golden small "$H5ROOF" show "$data"
golden quiet "$H5ROOF" show "$data" --quiet

golden summary "$H5ROOF" show "$data" --summary
golden file "$H5ROOF" show "$data/results.csv" --quiet
golden columns "$H5ROOF" show "$data" --columns calls_count,durable_s,layout
golden unknown_column "$H5ROOF" show "$data" --columns calls_cout
golden only "$H5ROOF" show "$data" --quiet --only '*mpio*'
golden only_nothing "$H5ROOF" show "$data" --only xyzzy
for order in name writes reads efficiency; do
    golden "sort_$order" "$H5ROOF" show "$data" --quiet --sort "$order"
done

# On a terminal no line is longer than it is wide.
for columns in 80 100 132; do
    script -qec "stty cols $columns; '$H5ROOF' show '$data' --quiet" /dev/null >"$tmp/terminal" </dev/null
    widest=$(tr -d '\r' <"$tmp/terminal" | awk '{ if (length > m) m = length } END { print m + 0 }')
    [ "$widest" -gt 40 ] || fail "nothing on a terminal"
    [ "$widest" -le "$columns" ] || fail "$widest columns on a terminal of $columns"
done

# A killed run leaves a part of a line: the rest counts.
mkdir "$tmp/torn"
head -c -40 "$data/results.csv" >"$tmp/torn/results.csv"
golden torn "$H5ROOF" show "$tmp/torn"

# Only the heading: a run that was ended at once.
mkdir "$tmp/begun"
head -n 1 "$data/results.csv" >"$tmp/begun/results.csv"
golden begun "$H5ROOF" show "$tmp/begun"

golden missing "$H5ROOF" show "$tmp/no-such-directory"
golden no_table "$H5ROOF" show "$H5ROOF_SOURCE/configs"
mkdir "$tmp/foreign" "$tmp/empty" "$tmp/newer" "$tmp/value"
printf 'a,b,c\n1,2,3\n' >"$tmp/foreign/results.csv"
golden foreign "$H5ROOF" show "$tmp/foreign"
: >"$tmp/empty/results.csv"
golden empty "$H5ROOF" show "$tmp/empty"
sed '2,$s/^[0-9]*,/999,/' "$data/results.csv" >"$tmp/newer/results.csv"
golden newer "$H5ROOF" show "$tmp/newer"
sed '3s/,mpio,/,mpoi,/; 3s/,posix,/,posxi,/' "$data/results.csv" >"$tmp/value/results.csv"
golden value "$H5ROOF" show "$tmp/value"
for name in missing no_table foreign empty newer; do
    [ -n "${H5ROOF_BLESS:-}" ] || [ "$(cat "$(dirname "$0")/expected/show/$name.exit")" = 4 ] || fail "$name: not exit code 4"
done
expect_nothing_left
