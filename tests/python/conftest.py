# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests share: configurations, and a record of what was called (test_zz_complete.py)."""

import signal
import sys

import numpy as np
import pytest

signal.signal(signal.SIGINT, signal.default_int_handler)  # jobs in the background are started with it ignored

called = set()  # code objects of the package that ran
refused = set()  # code objects that were given bad input by refuses()


def _note(frame, event, argument):
    if event == "call" and "/bnsl/" in frame.f_code.co_filename:
        called.add(frame.f_code)


sys.setprofile(_note)

import bnsl  # noqa: E402


def code_of(function):
    """Code object of a function, method, class (its constructor) or property."""
    if isinstance(function, property):
        function = function.fget
    if isinstance(function, type):
        function = function.__init__
    return getattr(getattr(function, "__func__", function), "__code__", None)


@pytest.fixture
def refuses():
    """refuses(ValueError, "text", function, arguments...): the call fails so, with the text in a message of one line."""

    def check(kind, text, function, *arguments, **keywords):
        with pytest.raises(kind) as caught:
            function(*arguments, **keywords)
        message = str(caught.value)
        assert text in message and "\n" not in message, message
        refused.add(code_of(function))
        return caught.value

    return check


@pytest.fixture(scope="session")
def alb2():
    """An AlB2 crystal of 864 particles: (box, points, species)."""
    return bnsl.Lattice("AlB2", a=1.06).supercell(6, 4, 6, cell="orthogonal")


@pytest.fixture(scope="session")
def fluid():
    """A disordered binary fluid of 300 particles in a cube of edge 5.2."""
    species = np.repeat(np.array([0, 1], np.int32), (100, 200))
    box = bnsl.Box.cube(5.2)
    points = bnsl.random_start(box, np.where(species == 0, 1.0, 0.55), seed=7)
    return bnsl.System(box, points, species)


def address(array):
    return array.__array_interface__["data"][0]
