#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs a wheel into an empty virtual environment, runs the Python tests there, and uninstalls it; pip fetches numpy and pytest. make check-wheel.
# Usage: tests/install/wheel.sh SRCDIR PYTHON WHEEL
set -eu
src=$(CDPATH='' cd -- "$1" && pwd)
python=$2
wheel=$(realpath -- "$3")
unset BNSL_LIBRARY PYTHONPATH
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
"$python" -m venv "$tmp/venv"
cd "$tmp"
venv/bin/pip install -q --disable-pip-version-check "$wheel[plot]" pytest
venv/bin/python -c 'import bnsl; info = bnsl.library_info(); assert "site-packages/bnsl/lib" in info.path, info; print("ok wheel/import:", info.version, info.features)'
PYTHONDONTWRITEBYTECODE=1 MPLBACKEND=Agg venv/bin/python -m pytest -q -p no:cacheprovider --basetemp "$tmp/tests" "$src/tests/python"
venv/bin/pip uninstall -q -y bnsl
[ -z "$(find venv -path '*bnsl*')" ] || { echo "FAIL wheel/uninstall: $(find venv -path '*bnsl*')" && exit 1; }
echo "ok wheel/uninstall"
