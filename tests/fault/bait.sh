# shellcheck shell=bash
# What lies beside the directories of runs, resembles them, and is not theirs. Sourced, never run.

bait_id=20260101T000000Z

# bait_marker ID: what the marker of a run on this node says that has ended
bait_marker()
{
    printf 'h5roof 1\nrun %s\nnode %s\nboot %s\npids %s\npid 999999999\nstart 1\nkeep 0\n' \
        "$1" "$(uname -n)" "$(cat /proc/sys/kernel/random/boot_id)" "$(readlink /proc/self/ns/pid)"
}

# bait_directory NAME: with files that a run would remove
bait_directory()
{
    mkdir "$1"
    echo precious >"$1/roof.bin"
    echo precious >"$1/probe.000000"
    echo precious >"$1/${1: -4}-0123456789abcdef.h5"
}

# bait_make DIR
bait_make()
(
    cd "$1" || exit 1
    echo precious >bait-file
    ln bait-file bait-hard-link
    ln -s bait-file bait-link
    mkfifo bait-fifo
    for name in bait-dir h5roof-mine "h5roof-$bait_id"-000{1,2,3,4,5,6}; do
        bait_directory "$name"
    done
    ln -s bait-dir "h5roof-$bait_id-0007"
    ln -s bait-dir "h5roof-$bait_id-0001.ended"
    echo precious >"h5roof-$bait_id-0008"
    mkdir "h5roof-$bait_id-0009"
    # 0001 has no marker; those of the others are another user's, another run's, a link, a FIFO, no whole one
    bait_marker "$bait_id-0002" >"h5roof-$bait_id-0002/h5roof.run"
    if [ "$(id -u)" -eq 0 ]; then
        chown -R 12345:12345 "h5roof-$bait_id-0002"
    else
        rm "h5roof-$bait_id-0002/h5roof.run"
    fi
    bait_marker "$bait_id-0001" >"h5roof-$bait_id-0003/h5roof.run"
    bait_marker "$bait_id-0004" >bait-marker
    ln -s ../bait-marker "h5roof-$bait_id-0004/h5roof.run"
    mkfifo "h5roof-$bait_id-0005/h5roof.run"
    bait_marker "$bait_id-0006" | sed -n 1,4p >"h5roof-$bait_id-0006/h5roof.run"
    bait_marker "$bait_id-0001" >"h5roof-mine/h5roof.run"
)

# bait_hash DIR: all that is known of it, times and owners included
bait_hash()
(
    cd "$1" || exit 1
    find bait-* h5roof-mine "h5roof-$bait_id"-* -printf '%p %y %U %m %n %T@ %l\n' | sort
    find bait-* h5roof-mine "h5roof-$bait_id"-* -type f -exec sha256sum {} + | sort
)

# bait_paths DIR: what a damaged file might name as a run's directory
bait_paths()
{
    find "$1" -mindepth 1 -maxdepth 1 -name "*$bait_id*" | sort
    printf '%s\n' "$1" "$1/h5roof-mine" "$1/bait-dir" "$1/bait-file" /
}
