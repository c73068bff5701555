#!/usr/bin/env bash
# The manual page, the completions and docs/reference.md say what the program's tables say, and their readers take them.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

for form in man bash zsh reference; do
    capture "$H5ROOF" doc $form
    expect_code 0
    [ ! -s "$tmp/said/stderr" ] || complain "$form: something on stderr"
    cp "$tmp/said/stdout" "$tmp/$form"
done
mv "$tmp/man" "$tmp/h5roof.1" # readers take the section from the name
capture "$H5ROOF" doc mann
expect_code 2
expect_error "^h5roof: error: FORM: 'mann' is none of man, bash, zsh, reference; did you mean 'man'\?$"

# ---- the committed reference
diff -u "$H5ROOF_SOURCE/docs/reference.md" "$tmp/reference" ||
    fail "docs/reference.md is old: h5roof doc reference >docs/reference.md"
# In a table every line has as many cells as its head.
awk '/^\|/ { gsub(/\\\|/, ""); n = gsub(/\|/, ""); if (!inside) first = n; if (n != first) { print; bad = 1 } inside = 1; next }
     { inside = 0 } END { exit bad }' "$tmp/reference" || fail "a table of the reference has lines of another width"

# ---- nothing is missing
for topic in suites workloads drivers filters factors settings columns notes roofs phases exit-codes; do
    "$H5ROOF" list $topic | awk '{print $1}' >"$tmp/names"
    [ -s "$tmp/names" ] || fail "nothing is listed under $topic"
    while read -r name; do
        grep -Fq "\`$name\`" "$tmp/reference" || fail "$topic: $name is not in the reference"
    done <"$tmp/names"
done
sed 's/\\-/-/g; s/\\&//g' "$tmp/h5roof.1" >"$tmp/man.plain"
for topic in factors settings exit-codes; do
    "$H5ROOF" list $topic | awk '{print $1}' >"$tmp/names"
    while read -r name; do
        grep -Fq "\\fB$name\\fR" "$tmp/man.plain" || fail "$topic: $name is not in the manual page"
    done <"$tmp/names"
done
for command in run plan list explain show compare noise env clean doc; do
    "$H5ROOF" $command --help | sed -n 's/^  --\([a-z-]*\).*/\1/p' | while read -r option; do
        [ "$option" != help ] || continue
        for form in man.plain bash zsh reference; do
            grep -q -e "--$option\b" "$tmp/$form" || fail "$command --$option is not in the $form"
        done
    done
done

# ---- the manual page is one
if command -v groff >/dev/null; then
    LC_ALL=C.UTF-8 groff -Tutf8 -P-cbou -man -ww "$tmp/h5roof.1" >"$tmp/page" 2>"$tmp/warnings"
    [ ! -s "$tmp/warnings" ] || fail "groff: $(cat "$tmp/warnings")"
    grep -q 'EXIT STATUS' "$tmp/page" || fail "the page has no exit status"
fi
if command -v man >/dev/null; then
    man --warnings -l "$tmp/h5roof.1" >/dev/null 2>"$tmp/warnings" </dev/null
    [ ! -s "$tmp/warnings" ] || fail "man: $(cat "$tmp/warnings")"
fi
if command -v mandoc >/dev/null; then
    mandoc -Tlint -Wwarning "$tmp/h5roof.1" >"$tmp/warnings" || true
    grep -v 'missing date' "$tmp/warnings" && fail "mandoc complains"
fi

# ---- bash: what is offered for a line whose words are given; the last one is being typed
mkdir "$tmp/here/directory"
: >"$tmp/here/mine.yaml"
: >"$tmp/here/other.txt"
# shellcheck source=/dev/null
. "$tmp/bash"
if command -v shellcheck >/dev/null; then
    shellcheck "$tmp/bash" || fail "shellcheck complains"
fi
offered()
{
    (
        cd "$tmp/here"
        COMP_WORDS=("$H5ROOF" "$@")
        COMP_CWORD=$#
        _h5roof
        printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' '
    )
}
# offers EXPECTED WORD...
offers()
{
    local found
    found=$(offered "${@:2}")
    [ "$found" = "$1 " ] || fail "bash, ${*:2}: offered are '$found', expected '$1'"
}
offers "clean compare" c
offers "--help --version" --
offers "list" li
offers "--max-time" run smoke --m
offers "csv" show DIR --format c
offers "csv json table" compare OLD NEW --format ''
offers "csv" show DIR --format = c
offers "csv json markdown table tracker" show DIR --format =
offers "layout=" run smoke --set la
offers "chunk= chunk_cache= chunk_slots=" run smoke --set chu
offers "repeat.max= repeat.min=" run smoke --set repeat.m
offers "chunked compact contiguous virtual" run smoke --set layout =
offers "chunked" run smoke --set layout = chu
offers "chunked" plan smoke --set = layout = chu
offers "directory" show ''
offers "directory" run smoke --out ''
offers "mine.yaml" plan mi
offers "directory" run di
offers "smoke" plan smo
offers "workloads" list work
offers "efficiency_frac" explain efficiency_f
offers "directory mine.yaml other.txt" env --json ''
offers "bash man reference zsh" doc ''
offers "" run smoke --only x
# the shell itself finds it, too
[[ $(complete -p h5roof) == *"-F _h5roof h5roof" ]] || fail "bash: nothing completes h5roof"

# ---- zsh: what a line becomes at TAB
command -v zsh >/dev/null || { echo "zsh is not here: its completion was not tried" && exit 0; }
zsh -n "$tmp/zsh" || fail "zsh cannot read its completion"
mkdir "$tmp/bin"
ln -s "$H5ROOF" "$tmp/bin/h5roof"
ln -s ../zsh "$tmp/bin/_h5roof"
cat >"$tmp/type.zsh" <<'END'
zmodload zsh/zpty
cd $tmp/here
zpty typed zsh -f -i
zpty -w typed "PS1= fpath=($tmp/bin \$fpath) path=($tmp/bin \$path) TERM=dumb; unsetopt zle_bracketed_paste 2>/dev/null; unset zle_bracketed_paste"
zpty -w typed 'autoload -Uz compinit && compinit -u -D; bindkey "^I" complete-word; tell() { print -r -- "<$BUFFER>"; BUFFER= }; zle -N tell; bindkey "^X" tell'
zpty -w typed 'echo rea''dy'
zpty -r typed answer '*ready*' || exit 1
while read -r line; do
    zpty -n -w typed "$line"$'\t\x18'
    zpty -r -m typed answer "*<h5roof*>*" || exit 1
    print -r -- "${${answer##*<}%%>*}"
done
END
cat >"$tmp/lines" <<'END'
h5roof comp|h5roof compare 
h5roof run --sk|h5roof run --skip-crashed 
h5roof show --format js|h5roof show --format json 
h5roof run smo|h5roof run smoke 
h5roof plan --set layo|h5roof plan --set layout=
h5roof plan --set layout=chu|h5roof plan --set layout=chunked 
h5roof plan --set=dtype=i3|h5roof plan --set=dtype=i32 
h5roof plan --set repeat.wa|h5roof plan --set repeat.warmup=
h5roof list workl|h5roof list workloads 
h5roof explain efficiency_fr|h5roof explain efficiency_frac 
h5roof doc ref|h5roof doc reference 
h5roof show dir|h5roof show directory/
h5roof plan min|h5roof plan mine.yaml 
END
cut -d '|' -f 1 "$tmp/lines" | timeout 60 env "tmp=$tmp" zsh -f "$tmp/type.zsh" >"$tmp/typed" || fail "zsh did not answer: $(cat "$tmp/typed")"
cut -d '|' -f 2 "$tmp/lines" | diff -u - "$tmp/typed" || fail "zsh completes something else"
