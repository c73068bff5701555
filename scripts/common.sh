# shellcheck shell=bash
# What setup.sh, smoke.sh and test.sh share. Sourced, with `set -euo pipefail` on.
#   H5R_CMAKE_ARGS   more arguments for every configure, for instance "-DHDF5_ROOT=/opt/hdf5"
#   MPIRUN           launcher, instead of the one that cmake found

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
read -r -a cmake_args <<<"${H5R_CMAKE_ARGS:-}"

say()
{
    printf '== %s\n' "$*"
}

die()
{
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# Open MPI refuses root unless told otherwise.
allow_root()
{
    if [ "$(id -u)" -eq 0 ]; then
        export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    fi
}

# Cores without their hardware threads: Open MPI's slots.
physical_cores()
{
    local n
    n=$(lscpu -p=CORE,SOCKET 2>/dev/null | grep -v '^#' | sort -u | wc -l) || true
    if [ "${n:-0}" -lt 1 ] || [ "$n" -gt "$(nproc)" ]; then
        n=$(nproc)
    fi
    echo "$n"
}

# build_preset PRESET "TARGET..." [configure argument...]: configure and build. Says what it does; output only when it fails.
build_preset()
{
    local preset=$1 targets log="$root/build/$1.log" generator=()
    read -r -a targets <<<"$2"
    shift 2
    mkdir -p "$root/build"
    if ! command -v ninja >/dev/null && [ ! -e "$root/build/$preset/build.ninja" ]; then
        generator=(-G "Unix Makefiles")
    fi
    say "configure ($preset)"
    if ! (cd "$root" && cmake --preset "$preset" "${generator[@]}" "$@" "${cmake_args[@]}") >"$log" 2>&1; then
        cat "$log" >&2
        return 1
    fi
    grep -E '^-- Found (MPI|parallel HDF5|launcher)' "$log" | sed 's/^-- /   /' || true
    say "build ($preset)"
    if ! cmake --build "$root/build/$preset" --target "${targets[@]}" --parallel "$(nproc)" >"$log" 2>&1; then
        cat "$log" >&2
        echo "The build failed. If only warnings stopped it (a newer compiler has more of them): H5R_CMAKE_ARGS=-DH5R_WERROR=OFF" >&2
        return 1
    fi
}

# The value that a variable has in the CMake cache of a preset.
cached()
{
    sed -n "s/^$2:[^=]*=//p" "$root/build/$1/CMakeCache.txt"
}

# python_with MODULE...: the name of an interpreter that has them all, or nothing and status 1.
python_with()
{
    local python module found
    for python in ${PYTHON:+"$PYTHON"} python3 /usr/bin/python3; do
        found=yes
        for module in "$@"; do
            # Asks whether it is there without loading it; a version manager's stand-in may print or fail.
            "$python" -c 'import importlib.util as u, sys; sys.exit(u.find_spec(sys.argv[1]) is None)' "$module" \
                >/dev/null 2>&1 || found=no
        done
        if [ "$found" = yes ]; then
            echo "$python"
            return 0
        fi
    done
    return 1
}
