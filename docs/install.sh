#!/bin/sh
# Installs 连桥 from the wheels that lie beside this script; nothing is fetched from anywhere.
#     sh install.sh [FOLDER]        a virtual environment in FOLDER (default /opt/lianqiao)
# The Python must be of the version and the kind of machine that the archive was made on (see PYTHON-VERSION).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/opt/lianqiao}
python=${PYTHON:-python3}
wanted=$(cat "$here/PYTHON-VERSION")
found=$("$python" -c 'import platform, sys; print("%d.%d" % sys.version_info[:2], sys.platform, platform.machine())')
if [ "$wanted" != "$found" ]; then
    echo "These wheels are for Python $wanted; $python is $found. PYTHON=/path/to/python sh install.sh names another." >&2
    exit 1
fi
"$python" -m venv "$target"
"$target/bin/pip" install --quiet --disable-pip-version-check --no-index --no-deps --find-links "$here" \
    --require-hashes -r "$here/requirements.txt"
"$target/bin/pip" install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall "$here"/lianqiao-*.whl
"$target/bin/lianqiao" --help >/dev/null
echo "Installed: $target/bin/lianqiao"
