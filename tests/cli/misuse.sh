#!/usr/bin/env bash
# What is not a command, an option or a name: exit code 2, one message, a guess at what was meant.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

golden nothing "$H5ROOF"
golden unknown_command "$H5ROOF" pln suite.yaml
golden far_command "$H5ROOF" xyzzyxyzzy
golden unknown_option "$H5ROOF" run suite.yaml --scrach /tmp
golden far_option "$H5ROOF" run suite.yaml --xyzzyxyzzy
golden short_option "$H5ROOF" plan -r 2 suite.yaml
golden no_value "$H5ROOF" run suite.yaml --out
golden needless_value "$H5ROOF" run suite.yaml --keep=yes
golden no_suite "$H5ROOF" run
golden two_suites "$H5ROOF" plan a.yaml b.yaml
golden bad_ranks "$H5ROOF" plan a.yaml --ranks 0
golden unknown_topic "$H5ROOF" list driver
golden unknown_name "$H5ROOF" explain decompositon
golden far_name "$H5ROOF" explain xyzzyxyzzy
golden not_markdown "$H5ROOF" list drivers --markdown
golden only_nothing "$H5ROOF" plan "$H5ROOF_SOURCE/configs/smoke.yaml" --only xyzzy
golden set_unknown "$H5ROOF" plan "$H5ROOF_SOURCE/configs/smoke.yaml" --set shap=8x8
golden set_no_value "$H5ROOF" plan "$H5ROOF_SOURCE/configs/smoke.yaml" --set shape
golden bad_roofs "$H5ROOF" run "$H5ROOF_SOURCE/configs/smoke.yaml" --roofs some
expect_nothing_left

# Under a launcher one rank says it, and the silent ones leave it the time.
for grace in 2s 1s 500ms; do
    capture env H5ROOF_GRACE=$grace "$MPIRUN" --timeout 60 -n 3 "$H5ROOF" run suite.yaml --scrach /tmp
    expect_code 2
    expect_error "unknown option '--scrach'; did you mean '--scratch'"
done
expect_nothing_left
