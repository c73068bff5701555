#!/usr/bin/env bash
# Install what h5roof needs and does not find. A second run finds everything and does nothing.
set -euo pipefail
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage()
{
    cat <<'END'
Usage: scripts/setup.sh [--tests] [--list]

Installs with apt what is missing to build and run h5roof and to draw its results.
  --tests   also what the tests need
  --list    only print the packages
Without apt (or with H5R_NO_APT=1) it prints what is needed, and goes on if cmake finds it.

Environment:
  H5R_CMAKE_ARGS   for cmake, when libraries lie elsewhere: "-DMPI_C_COMPILER=/opt/mpi/bin/mpicc -DHDF5_ROOT=/opt/hdf5"
END
}

# One line each: Debian package | Spack spec or module | what it is for
run_packages='
gcc|gcc|C11 compiler
libc6-dev|-|C library
cmake|cmake|build, 3.20 or later
ninja-build|ninja|build
pkg-config|pkgconf|finding libraries
git|git|recording the version
openmpi-bin|openmpi|MPI launcher
libopenmpi-dev|openmpi|MPI
libhdf5-openmpi-dev|hdf5+mpi|parallel HDF5, 1.10.8 or later, built with that MPI
zlib1g-dev|zlib|deflate
libhwloc-dev|hwloc|machine topology
libfyaml-dev|libfyaml|YAML
python3-pandas|py-pandas|plots (optional)
python3-matplotlib|py-matplotlib|plots (optional)
python3-jinja2|py-jinja2|the report (optional)
'
test_packages='
libcmocka-dev|cmocka|unit tests
clang|llvm|second compiler
clang-format|llvm|format check
libclang-rt-14-dev|llvm|its sanitizers and libFuzzer (optional)
hdf5-tools|hdf5+tools|h5dump, h5stat
fio|fio|scripts/witness.sh (optional)
hdf5-filter-plugin|-|filters lz4 and bzip2 (optional)
python3-h5py|py-h5py|reading files with other eyes
python3-pytest|py-pytest|tests of the scripts
pyflakes3|py-pyflakes|lint
black|py-black|format check of Python
chromium|-|tests of the report (optional)
chromium-driver|-|tests of the report (optional)
python3-selenium|py-selenium|tests of the report (optional)
shellcheck|shellcheck|lint
'

list_packages()
{
    printf '%-22s %-16s %s\n' "Debian package" "Spack or module" "for"
    grep -v '^$' <<<"$packages" | while IFS='|' read -r package spec purpose; do
        printf '%-22s %-16s %s\n' "$package" "$spec" "$purpose"
    done
}

missing_packages()
{
    local package purpose
    while IFS='|' read -r package _ purpose; do
        if [ -n "$package" ] &&
            [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
            # On another release an optional package may not exist; do not fail over it each time.
            if [[ $purpose != *"(optional)"* ]] || ! known_absent "$package"; then
                echo "$package"
            fi
        fi
    done <<<"$packages"
}

# True when apt has lists and this package is not in them.
known_absent()
{
    [ -n "$(apt-cache pkgnames gcc 2>/dev/null | head -n 1)" ] && ! apt-cache show "$1" >/dev/null 2>&1
}

install_packages()
{
    local as_root=() missing=("$@") apt
    apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            return 1
        fi
        as_root=(sudo)
    fi
    say "install with apt: ${missing[*]}"
    "${as_root[@]}" "${apt[@]}" update || return 1
    mapfile -t missing < <(missing_packages)
    "${as_root[@]}" "${apt[@]}" install --no-install-recommends "${missing[@]}"
}

# Without apt: what counts is whether cmake can configure.
check_with_cmake()
{
    local dir
    command -v cmake >/dev/null || die "cmake is missing; see the list above"
    if ! command -v ninja >/dev/null && ! command -v make >/dev/null; then
        die "ninja or make is missing; see the list above"
    fi
    dir=$(mktemp -d)
    say "does cmake find it all?"
    if ! cmake -S "$root" -B "$dir" "-DH5R_TESTS=$tests" "${cmake_args[@]}" >"$dir/log" 2>&1; then
        cat "$dir/log" >&2
        rm -rf "$dir"
        die "load the modules above, or point at them: H5R_CMAKE_ARGS=\"-DMPI_C_COMPILER=... -DHDF5_ROOT=...\" $0"
    fi
    rm -rf "$dir"
    say "yes"
}

packages=$run_packages
tests=OFF
list=no
for arg in "$@"; do
    case $arg in
    --tests)
        packages+=$test_packages
        tests=ON
        ;;
    --list) list=yes ;;
    -h | --help)
        usage
        exit 0
        ;;
    *) die "unknown argument '$arg'; see --help" ;;
    esac
done

if [ "$list" = yes ]; then
    list_packages
    exit 0
fi
if [ -z "${H5R_NO_APT:-}" ] && command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
    mapfile -t missing < <(missing_packages)
    if [ "${#missing[@]}" -eq 0 ]; then
        say "set-up: nothing is missing"
        exit 0
    fi
    if install_packages "${missing[@]}"; then
        exit 0
    fi
    say "apt could not install: ${missing[*]}"
fi
echo "h5roof needs these packages, modules or Spack specs:"
list_packages
check_with_cmake
