#!/usr/bin/env bash
# python.sh SCRIPT [ARGUMENT...]: with the first interpreter that has the modules of its line `# needs: MODULE...`; else skipped.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
in_memory "$1"
read -r -a modules < <(sed -n 's/^# needs: //p' "$1") || modules=(sys)
python=$(python_with "${modules[@]}") || {
    echo "$python"
    exit 77
}
exec "$python" -B "$@"
