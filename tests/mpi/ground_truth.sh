#!/usr/bin/env bash
# disk: an image for a loop device
# long: a throttled device
# alone: it asserts a rate
# once: the rate of a throttled device
# On a device whose rate is known, that rate is reported: a loop-mounted ext4 under a limit of 50 MiB/s. The only test that
# asserts a rate: it is the device's, not the machine's.
# timeout: 600
# shellcheck disable=SC2317 # functions are called by trap and by capture
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
[ -z "${H5ROOF_SANITIZE:-}" ] || skip "sanitized code may not keep up with the device"
python=$(python_with csv) || skip "$python"
make_tmp
device=
group=
tear_down()
{
    [ -z "$device" ] || umount "$tmp/mnt" 2>/dev/null || true
    [ -z "$device" ] || losetup -d "$device" || true
    [ -z "$group" ] || rmdir "$group" || true
    remove_tmp
}
trap tear_down EXIT

limit=$((50 * 1024 * 1024))
blkio=$(awk '$0 ~ / - cgroup / && $NF ~ /(^|,)blkio(,|$)/ { print $5; exit }' /proc/self/mountinfo)
[ -n "$blkio" ] || skip "no blkio hierarchy of cgroup v1"
mkdir "$blkio/h5roof-test-$$" 2>/dev/null || skip "no right to make a control group in $blkio"
group=$blkio/h5roof-test-$$
[ -e "$group/blkio.throttle.write_bps_device" ] || skip "this kernel has no blkio throttling"
truncate -s 900M "$tmp/image" || skip "no room for an image of 900 MiB"
mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 "$tmp/image" || skip "no mkfs.ext4"
device=$(losetup -f --show "$tmp/image" 2>/dev/null) || skip "no loop device"
mkdir "$tmp/mnt"
mount "$device" "$tmp/mnt" 2>/dev/null || skip "no right to mount a file system"
number=$(cat "/sys/class/block/${device##*/}/dev")
echo "$number $limit" >"$group/blkio.throttle.write_bps_device"
echo "$number $limit" >"$group/blkio.throttle.read_bps_device"

cat >"$tmp/rate.yaml" <<'YAML'
suite: rate
repeat: {warmup: 0, min: 1, max: 1}
defaults: {shape: [32768, 1024], dtype: f64, cache: cold}
cases: [{name: it, sweep: {driver: [sec2, mpio]}}]
YAML

# limited COMMAND...: within the control group; writeback is accounted to who made the pages dirty.
limited()
{
    bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group" "$@"
}

# A busy machine can only lower what is reported, so a driver that came out low is measured again; what is above the rate of
# the device is wrong at once. Prints the drivers that were low.
judge()
{
    "$python" - "$1/results.csv" <<'END'
import csv, sys

rows, low = list(csv.DictReader(open(sys.argv[1], newline=""))), []
assert rows and len(rows) % 2 == 0, rows
for row in rows:
    rate, efficiency = float(row["durable_mibps"]), float(row["efficiency_frac"])
    print(f"{row['driver']} {row['operation']}: {rate} MiB/s, efficiency {efficiency}", file=sys.stderr)
    assert row["status"] == "ok" and row["payload_bytes"] == "268435456"
    assert row["operation"] != "read" or float(row["cache_resident_frac"]) == 0
    assert rate <= 53 and efficiency <= 1.05
    if (rate < 45 or efficiency < 0.9) and row["driver"] not in low:
        low.append(row["driver"])
print(*low, sep="\n")
END
}

# busy: while nothing of this test runs, others want the CPU at least half of the time. Two seconds' samples.
busy()
{
    local sum=0 running
    for _ in {1..20}; do
        read -r _ _ _ running _ </proc/loadavg
        sum=$((sum + ${running%%/*} - 1)) # without this shell
        sleep 0.1
    done
    [ $sum -ge 10 ]
}

low="sec2 mpio"
quiet=0
for attempt in 1 2 3; do
    busy || quiet=$((quiet + 1))
    only=it
    [ "$low" != sec2 ] && [ "$low" != mpio ] || only=$low
    capture limited "$MPIRUN" -n 2 "$H5ROOF" run "$tmp/rate.yaml" --scratch "$tmp/mnt" --out "$tmp/rate-$attempt" --only "$only"
    expect_code 0
    low=$(judge "$tmp/rate-$attempt") || fail "not the rate of the device, 50 MiB/s"
    [ -n "$low" ] || exit 0
done
[ $quiet -gt 0 ] || skip "others kept this machine busy, and the rate came out below that of the device, 50 MiB/s"
fail "below the rate of the device, 50 MiB/s, in $attempt runs"
