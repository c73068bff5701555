#!/usr/bin/env bash
# What HDF5 loads is loaded from where its user says; env lists it with its owner, and warns if others can change it.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
make_tmp
mkdir -m 755 "$tmp/plugins"
chmod 755 "$tmp"
install -m 644 "$H5ROOF_BUILD/tests/shim_plugin.so" "$tmp/plugins/libzstd.so"

env_with()
{
    rm -f "$tmp/env.json"
    capture env HDF5_PLUGIN_PATH="$1" "$H5ROOF" env "$tmp/scratch" --json "$tmp/env.json"
    expect_code 0
    listed=$(python3 -c 'import json, sys
for p in json.load(open(sys.argv[1]))["hdf5"]["plugins"]:
    print(p["path"], p["owner"], p["others_can_write"])' "$tmp/env.json")
}
env_with "$tmp/here"
[ -z "$listed" ] || complain "listed: $listed"
env_with "$tmp/plugins"
[ "$listed" = "$tmp/plugins/libzstd.so $(id -un) False" ] || complain "listed: $listed"
! grep -q 'others can replace' "$tmp/said/stdout" || complain "warned"
for loose in plugins/libzstd.so plugins; do
    chmod o+w "$tmp/$loose"
    env_with "$tmp/plugins"
    [ "$listed" = "$tmp/plugins/libzstd.so $(id -un) True" ] || complain "$loose, listed: $listed"
    expect_said "^# warning: HDF5 loaded the plugin $tmp/plugins/libzstd.so of $(id -un), which others can replace$"
    chmod o-w "$tmp/$loose"
done
