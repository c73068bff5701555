#!/usr/bin/env bash
# long: two installations and a package
# once: it looks at what is installed of the build that users get
# What is installed works without the source tree and wherever it is moved to: a prefix, and a .deb in an empty root.
# timeout: 600
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/cli/doc_blocks.sh
. "$H5ROOF_SOURCE/tests/cli/doc_blocks.sh"
: "${MPIRUN:?}"
[ "$(sed -n 's/^CMAKE_BUILD_TYPE:[^=]*=//p' "$H5ROOF_BUILD/CMakeCache.txt")" = Release ] || skip "not the release build"
make_tmp

# as_user BIN COMMAND...: with nothing of this environment
as_user()
{
    capture env -i HOME="$tmp/here" PATH="$1:/usr/bin:/bin" LC_ALL=C.UTF-8 OMPI_ALLOW_RUN_AS_ROOT=1 \
        OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 "${@:2}"
}

# works PREFIX: all that is installed there does what it is for, and none of it names the source tree
works()
{
    local prefix=$1 bin=$1/bin share=$1/share out=$tmp/here/results
    rm -rf "$tmp/here"
    mkdir "$tmp/here"
    if grep -rlF "$H5ROOF_SOURCE" "$prefix"; then
        fail "these name the source tree"
    fi
    if find "$prefix" -name __pycache__ | grep .; then
        fail "Python's caches are installed"
    fi

    as_user "$bin" h5roof --version
    expect_code 0
    expect_said "^h5roof $(sed -n 's/^project(h5roof VERSION \([0-9.]*\) .*/\1/p' "$H5ROOF_SOURCE/CMakeLists.txt") \\("
    as_user "$bin" h5roof list suites
    awk '{print $1}' "$tmp/said/stdout" >"$tmp/names"
    (cd "$H5ROOF_SOURCE/configs" && printf '%s\n' *.yaml) | sed 's/\.yaml$//' | LC_ALL=C sort | diff -u - "$tmp/names" || fail "suites are missing"
    diff -r "$H5ROOF_SOURCE/configs/symptoms" "$share/h5roof/configs/symptoms" || fail "symptoms are missing"
    as_user "$bin" h5roof plan symptoms/column
    expect_code 0
    expect_said "^suite: $share/h5roof/configs/symptoms/column.yaml$" stderr
    as_user "$bin" h5roof plan drivers
    expect_code 0
    expect_said "^suite: $share/h5roof/configs/drivers.yaml$" stderr

    as_user "$bin" "$MPIRUN" -n 2 h5roof run smoke --out "$out" --only 'mpio/mode=collective*' --scratch "$tmp/scratch" --set repeat.max=6 --set repeat.time=1s
    expect_code 0
    expect_said "^suite: $share/h5roof/configs/smoke.yaml$" stderr
    as_user "$bin" h5roof show "$out"
    expect_code 0
    expect_said '^mpio/mode=collective/access=row '
    if python_with pandas matplotlib >/dev/null; then
        as_user "$bin" h5roof-plot bandwidth "$out" --formats png
        expect_code 0
        [ -s "$out/bandwidth.png" ] || complain "no picture"
    fi
    if python_with pandas matplotlib jinja2 >/dev/null; then
        # the program beside the wrapper, though it is not on PATH
        as_user /nowhere "$bin/h5roof-report" "$out"
        expect_code 0
        grep -q '</html>' "$out/report.html" || complain "no report"
    fi
    # the job script and the report over jobs, as they are installed
    as_user "$bin" env H5ROOF_LAUNCH="$MPIRUN -n {ranks}" H5ROOF_SCRATCH="$tmp/scratch" \
        "$share/h5roof/scripts/launch/nodes.sh" smoke jobs "1 2" --only posix-own --set repeat.max=6 --set repeat.time=1s
    expect_code 0
    as_user "$bin" h5roof-collect jobs
    expect_code 0
    expect_said '^\| posix-own \| write \| strong \| 1 \| 2 \| '
    if python_with pandas matplotlib jinja2 >/dev/null && "$MPIRUN" --version | grep 'Open MPI' >/dev/null; then
        prepare_docs "$bin" "$share/h5roof/scripts"
        run_doc "$share/doc/h5roof/docs/tutorial.md"
        grep -qx "suite: $share/h5roof/configs/smoke.yaml" "$tmp/said/all" || complain "the tutorial ran another suite"
        [ -s "$tmp/here/mine/report.html" ] || complain "the tutorial made no report"
    fi
    if find "$prefix" -name __pycache__ | grep .; then
        fail "Python left its caches where packages are"
    fi

    "$H5ROOF" doc man | cmp - "$share/man/man1/h5roof.1" || fail "another manual page"
    "$H5ROOF" doc bash | cmp - "$share/bash-completion/completions/h5roof" || fail "another completion for bash"
    "$H5ROOF" doc zsh | cmp - "$share/zsh/site-functions/_h5roof" || fail "another completion for zsh"
    if command -v man >/dev/null; then
        as_user "$bin" man -M "$share/man" -w h5roof
        [ "$(cat "$tmp/said/stdout")" = "$share/man/man1/h5roof.1" ] || complain "man does not find the page"
    fi
    for file in README.md LICENSE docs/reference.md results/SCHEMA.md; do
        cmp "$H5ROOF_SOURCE/$file" "$share/doc/h5roof/$file" || fail "$file is not installed"
    done
}

# ---- the version stands in one place, and in the history of versions
if git -C "$H5ROOF_SOURCE" rev-parse --git-dir >/dev/null 2>&1; then
    version=$("$H5ROOF" --version | awk 'NR == 1 {print $2}')
    git -C "$H5ROOF_SOURCE" grep -nwF "$version" -- ':!results' ':!tests' ':!CHANGELOG.md' >"$tmp/places" || true
    [ "$(cut -d : -f 1 "$tmp/places")" = CMakeLists.txt ] || fail "the version stands in other places, too: $(cat "$tmp/places")"
fi

# ---- a prefix, moved
cmake --install "$H5ROOF_BUILD" --prefix "$tmp/first" >"$tmp/log" || fail "$(cat "$tmp/log")"
mv "$tmp/first" "$tmp/moved"
works "$tmp/moved"

# hardened PROGRAM: position-independent, with read-only relocations, a stack protector and fortified calls
hardened()
{
    readelf -hlW "$1" >"$tmp/headers"
    readelf -dW "$1" >"$tmp/dynamic"
    readelf -W --dyn-syms "$1" >"$tmp/symbols"
    grep -q 'Type: *DYN' "$tmp/headers" || fail "$1 is not position-independent"
    grep -q GNU_RELRO "$tmp/headers" || fail "$1 has writable relocations"
    grep 'GNU_STACK' "$tmp/headers" | grep -vq 'E' || fail "$1 has an executable stack"
    grep -Eq 'BIND_NOW|FLAGS_1.*NOW' "$tmp/dynamic" || fail "$1 binds late"
    grep -q __stack_chk_fail "$tmp/symbols" || fail "$1 has no stack protector"
    grep -q '_chk@' "$tmp/symbols" || fail "$1 is not fortified"
}

# ---- the package
if ! command -v dpkg-deb >/dev/null || ! command -v dpkg-shlibdeps >/dev/null; then
    echo "no dpkg here: the package was not tried"
    exit 0
fi
(cd "$tmp" && cpack --config "$H5ROOF_BUILD/CPackConfig.cmake" -G DEB -B "$tmp/package") >"$tmp/log" 2>&1 || fail "$(cat "$tmp/log")"
deb=$(echo "$tmp"/package/h5roof_*.deb)
dpkg-deb -f "$deb" Depends >"$tmp/depends"
for library in libhdf5 libhwloc15 libfyaml0 zlib1g libc6; do
    grep -q "$library" "$tmp/depends" || fail "the package does not depend on $library: $(cat "$tmp/depends")"
done
dpkg-deb -f "$deb" Recommends | grep -q python3-pandas || fail "the package does not recommend what plots need"
dpkg-deb -c "$deb" | awk '$6 !~ /^\.\/(usr\/.*)?$/ {print; bad = 1} END {exit bad}' || fail "the package has files outside of /usr"
if command -v apt-get >/dev/null; then
    apt-get -s -o Debug::NoLocking=1 install "$deb" >"$tmp/log" 2>&1 || fail "it could not be installed: $(cat "$tmp/log")"
fi
dpkg-deb -x "$deb" "$tmp/root"
hardened "$tmp/root/usr/bin/h5roof"
dpkg-deb -c "$deb" | awk '$1 !~ /^l/ && substr($1, 9, 1) == "w" {print; bad = 1} END {exit bad}' || fail "anybody can write these"
works "$tmp/root/usr"
