# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every script of examples/python; their own assertions are the tests. And the two that show what a user of freud changes."""

import runpy
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

import bnsl

EXAMPLES = Path(__file__).resolve().parents[2] / "examples/python"
SCRIPTS = sorted(path.name for path in EXAMPLES.glob("*.py") if not path.name.startswith("with_"))


@pytest.fixture
def unprofiled(tmp_path, monkeypatch):
    """An empty folder to run in, without the record of calls, which would slow matplotlib."""
    profile = sys.getprofile()
    sys.setprofile(None)
    monkeypatch.chdir(tmp_path)
    yield
    sys.setprofile(profile)


def test_there_are_examples():
    assert len(SCRIPTS) >= 8


@pytest.mark.parametrize("name", SCRIPTS)
def test_example(name, unprofiled, capsys):
    if "savefig" in (EXAMPLES / name).read_text(encoding="utf-8"):
        pytest.importorskip("matplotlib")
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    assert capsys.readouterr().out


def test_readme(unprofiled, capsys):
    """The program in the README's section prints what it says."""
    pytest.importorskip("matplotlib")
    section = (EXAMPLES.parents[1] / "README").read_text(encoding="utf-8").split("From Python\n-----------\n")[1]
    program, printed = section.split("\nprints\n")
    exec(textwrap.dedent(program), {})
    assert capsys.readouterr().out.strip() == printed.strip().split("\n")[0]


def statements(name):
    """The lines after the docstring, without imports and blank lines."""
    text = (EXAMPLES / name).read_text(encoding="utf-8").split('"""')[2]
    return [line for line in text.split("\n") if line and not line.startswith("import ")]


def test_users_of_freud_change_constructors_only(unprofiled, fluid, capsys, monkeypatch):
    names = {
        "gsd.hoomd.open": "bnsl.Trajectory",
        "freud.order.Steinhardt": "bnsl.Steinhardt",
        "freud.density.LocalDensity": "bnsl.LocalDensity",
        "freud.density.RDF": "bnsl.RDF",
    }
    renamed = "\n".join(statements("with_freud.py"))
    for theirs, ours in names.items():
        assert renamed.count(theirs) == 1
        renamed = renamed.replace(theirs, ours)
    assert renamed.split("\n") == statements("with_bnsl.py")
    with bnsl.Trajectory("fluid.gsd", "w") as out:
        out.append(bnsl.Frame(*fluid))
    monkeypatch.setattr(sys, "argv", ["with_bnsl.py", "fluid.gsd"])
    runpy.run_path(str(EXAMPLES / "with_bnsl.py"), run_name="__main__")
    lines = capsys.readouterr().out.split("\n")
    assert lines[0].startswith("0 0.") and len(lines) == 62
    assert np.isfinite([float(word) for line in lines for word in line.split()]).all()
