#!/usr/bin/env bash
# The tests that need few ranks, wherever the clone lies and whoever runs them.
set -euo pipefail
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

usage()
{
    cat <<'END'
Usage: scripts/dev/anywhere.sh

Clones what is committed into a directory whose path has 200 characters, and blanks, under umask 077 and, for root, as the user
`nobody`; builds it there and runs `unit` and `cli` in the locales C and de_DE.UTF-8 (where that can be made). Twenty minutes on two cores.
Exit code 1 when a test failed, 77 where there is no git.
END
}

length=200
user=65534 # nobody

case ${1:-} in
-h | --help)
    usage
    exit 0
    ;;
esac
git -C "$root" rev-parse --git-dir >/dev/null 2>&1 || exit 77

umask 077
base=$(mktemp -d "${TMPDIR:-/tmp}/h5roof-anywhere-XXXXXX")
trap 'rm -rf "$base"' EXIT
mkdir "$base/home" "$base/locales"

# A path of that length: blanks in it, and a tail that fills it.
clone="$base/a path with blanks/and a name that is long"
while [ ${#clone} -lt $((length - 60)) ]; do
    clone+="/as some home directories are"
done
clone+="/$(printf '%*s' $((length - ${#clone} - 1)) '' | tr ' ' x)"
[ ${#clone} -eq $length ]
mkdir -p "$(dirname "$clone")"
git clone --quiet "$root" "$clone"

locales=(C)
if localedef -i de_DE -f UTF-8 "$base/locales/de_DE.UTF-8" >/dev/null 2>&1; then
    locales+=(de_DE.UTF-8)
else
    say "de_DE.UTF-8 cannot be made here"
fi

as_user=(env --unset=TMPDIR "HOME=$base/home" "LOCPATH=$base/locales")
if [ "$(id -u)" -eq 0 ]; then
    chown -R "$user:$user" "$base"
    as_user=(setpriv "--reuid=$user" "--regid=$user" --clear-groups "${as_user[@]}")
fi

# in_clone COMMAND...
in_clone()
{
    (cd "$clone" && "${as_user[@]}" "$@")
}

# build_here LOCALE: of the compiler and of the tests
build_here()
{
    in_clone env "LC_ALL=$1" cmake --preset release -DH5R_TESTS=ON "-DH5R_TEST_LOCALE=$1" "${cmake_args[@]}" &&
        in_clone env "LC_ALL=$1" cmake --build --preset release --parallel "$(nproc)"
}

failed=0
for locale in "${locales[@]}"; do
    say "build and test ($locale)"
    if ! build_here "$locale" >"$base/log"; then
        cat "$base/log"
        exit 1
    fi
    in_clone ctest --preset release --no-tests=error -j "$(nproc)" -L '^(unit|cli)$' -LE '^long$' | grep --line-buffered -vE '^ +Start +[0-9]+:' ||
        failed=1
done
exit $failed
