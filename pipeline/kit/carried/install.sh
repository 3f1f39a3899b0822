#!/bin/sh
# Finds a Python this kit is for, and lets install.py do the work: sh install.sh --help
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
for version in @PYTHONS@; do
    for python in "${PYTHON:-python$version}" python3; do
        if "$python" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null; then
            exec "$python" "$here/install.py" "$@"
        fi
    done
done
echo "error: none of Python @PYTHONS@ is on this machine. Install one, or name it: PYTHON=/path/to/python sh install.sh" >&2
exit 1
