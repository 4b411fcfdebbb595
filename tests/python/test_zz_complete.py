# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs last: every public function, method and property of the package was called by a test, and whatever can refuse did refuse bad input."""

import inspect
from pathlib import Path

import pytest
from conftest import called, code_of, refused

import bnsl
from bnsl import core, errors, free_energy, saxs
from bnsl.neighbor import as_neighbors

# Without arguments of their own that could be wrong.
CANNOT_REFUSE = {
    "Box.to_array", "Box.to_matrix", "Cluster", "Control", "Control.cancel", "Control.reset", "Curve", "Frame.from_gsd", "Frame.to_gsd",
    "Lattice.prototypes", "LocalDensity", "MSD.reset", "NeighborList.to_freud", "Nucleation.summarize", "Series", "SolidLiquid",
    "StructureFactor", "System", "Table", "core.library_info", "core.status_text", "free_energy.PhaseDiagram", "get_num_threads",
    "library_info", "saxs.DiluteFit", "saxs.PatternFit", "saxs.SeriesFit", "saxs.SeriesFit.save",
}  # fmt: skip
INHERITED = {
    "close",
    "plot",
    "as_dict",
    "get",
    "items",
    "keys",
    "values",
    "pop",
    "popitem",
    "clear",
    "update",
    "setdefault",
    "index",
    "count",
}
NEED_OTHERS = {"Frame.to_gsd": "gsd", "NeighborList.to_freud": "freud"}


def public():
    """(name, function or property) of everything that a user can call."""
    things = {name: getattr(bnsl, name) for name in bnsl.__all__} | {"core." + name: getattr(core, name) for name in core.__all__}
    things |= {"saxs." + name: getattr(saxs, name) for name in saxs.__all__}
    things |= {"free_energy." + name: getattr(free_energy, name) for name in free_energy.__all__}
    things["neighbor.as_neighbors"] = as_neighbors
    for name, thing in things.items():
        if inspect.isfunction(thing):
            yield name, thing
        elif inspect.isclass(thing) and not issubclass(thing, (errors.Error, tuple, int)) and not hasattr(thing, "__dataclass_fields__"):
            if "__init__" in vars(thing):
                yield name, thing
            for member, value in vars(thing).items():
                if isinstance(value, (classmethod, staticmethod)):
                    value = value.__func__
                if member[0] != "_" and (inspect.isfunction(value) or isinstance(value, property)):
                    yield f"{name}.{member}", value


@pytest.fixture(autouse=True)
def all_tests(request):
    ran = {Path(str(item.fspath)).name for item in request.session.items}
    if ran != {path.name for path in Path(__file__).parent.glob("test_*.py")}:
        pytest.skip("needs the other tests")


def _installed(name):
    try:
        __import__(name)
    except ImportError:
        return False
    return True


def test_everything_is_called():
    names = [name for name, _ in public()]
    assert len(names) > 150
    missed = [name for name, thing in public() if code_of(thing) not in called and code_of(thing) is not None]
    assert [name for name in missed if _installed(NEED_OTHERS.get(name, "sys"))] == []


def test_bad_input_is_refused_by_everything_that_can():
    missed = []
    for name, thing in public():
        if not isinstance(thing, property) and name.split(".")[-1] not in INHERITED and code_of(thing) not in refused:
            missed.append(name)
    missed = sorted(set(missed) - CANNOT_REFUSE)
    assert not missed, " ".join(missed)
