# shellcheck shell=bash disable=SC2154 # tmp and code are those of lib.sh
# Running the commands of documents; sourced after lib.sh and make_tmp.

# blocks LANGUAGE FILE: the contents of its fenced blocks of that language
blocks()
{
    awk -v wanted="$1" '/^```/ { inside = !inside; language = inside ? substr($0, 4) : ""; next }
                        inside && language == wanted' "$2"
}

# save_suites FILE DIR: its yaml blocks that are suites, each under the name of its suite
save_suites()
{
    awk -v dir="$2" '
        /^```/ { if (inside && name != "") printf "%s", text >(dir "/" name ".yaml")
                 inside = !inside && $0 == "```yaml"; name = text = ""; next }
        inside { text = text $0 "\n" }
        inside && /^suite: / { name = $2 }' "$1"
}

# prepare_docs BIN SCRIPTS: commands as the documents name them, for these programs: few repetitions (so many as `noise` needs
# of the documents' own suites, which are small), ranks on any number of cores, and a Python that has what the scripts need
prepare_docs()
{
    local python
    python=$(command -v "$(python_with pandas matplotlib jinja2)")
    mkdir -p "$tmp/docbin"
    cat >"$tmp/docbin/h5roof" <<END
#!/usr/bin/env bash
if [ "\${1:-}" = run ]; then
    [[ \$2 == *.yaml ]] && n=6 || n=1
    set -- run --set repeat.warmup=0 --set repeat.min=\$n --set repeat.max=\$n --set repeat.time=1ms "\${@:2}"
fi
exec "$1/h5roof" "\$@"
END
    cat >"$tmp/docbin/mpirun" <<END
#!/usr/bin/env bash
exec "$MPIRUN" --oversubscribe "\$@"
END
    printf '#!/usr/bin/env bash\nexec %q "$@"\n' "$python" >"$tmp/docbin/python3"
    chmod +x "$tmp/docbin/"*
    doc_bin=$1 doc_scripts=$2
}

# run_doc FILE: all its sh blocks, one after the other, in one shell and a directory with nothing but its suites
run_doc()
{
    rm -rf "$tmp/here"
    mkdir "$tmp/here"
    ln -s "$doc_scripts" "$tmp/here/scripts"
    save_suites "$1" "$tmp/here"
    { echo "set -euo pipefail" && blocks sh "$1"; } >"$tmp/script"
    capture env PATH="$tmp/docbin:$doc_bin:$PATH" SCRATCH="$tmp/scratch" H5ROOF="$tmp/docbin/h5roof" PYTHONDONTWRITEBYTECODE=1 \
        bash -x "$tmp/script"
    [ "$code" -eq 0 ] || complain "$1: a command ended with exit code $code; the last one begun: $(grep '^+' "$tmp/said/all" | tail -n 1)"
    [ -z "$(ls "$tmp/scratch")" ] || complain "$1: data were left in the scratch directory"
}
