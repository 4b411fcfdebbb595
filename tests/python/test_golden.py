# SPDX-License-Identifier: GPL-3.0-or-later
"""The same numbers from the program bnsl, which is C alone."""

import json
import os
import subprocess

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import bnsl

PROGRAM = os.environ.get("BNSL_PROGRAM", "")
pytestmark = pytest.mark.skipif(not os.access(PROGRAM, os.X_OK), reason="no program bnsl (BNSL_PROGRAM)")


def program(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if "--json" in arguments else None


@pytest.fixture(scope="module")
def file(tmp_path_factory, alb2):
    """A crystal in motion, in a file."""
    path = tmp_path_factory.mktemp("golden") / "alb2.gsd"
    md = bnsl.MD(alb2, kT=0.4, seed=5).thermalize(0.4)
    with bnsl.Trajectory(path, "w") as out:
        for _ in range(2):
            out.append(md.run(50).frame())
    return path


def test_lattice():
    told = program("lattice", "NaZn13", "--a", "2.5", "--diameters", "1,0.55", "--json")
    lattice = bnsl.Lattice("NaZn13", a=2.5)
    bonds = lattice.bond_lengths()
    assert [told["b_LL"], told["b_LS"], told["b_SS"], told["n_small"], told["volume_fraction"]] == [
        *bonds,
        lattice.n_small,
        lattice.volume_fraction(1, 0.55),
    ]
    lines = lattice.reflections(max(line["q"] for line in told["reflections"]) * (1 + 1e-12))
    assert [line["q"] for line in told["reflections"]] == [line.q for line in lines]


def test_potential():
    told = program("potential", "--exponents", "50,6", "--kT", "0.5", "--json")
    potential = bnsl.Potential([1.0], n=50, m=6, r_cut=np.inf)
    assert told["boyle_kT"] == potential.boyle_kT() and told["b2"] == potential.second_virial(0.5)
    assert told["d_barker_henderson"] == potential.barker_henderson(0.5) and told["effective_range"] == potential.effective_range(0.5)


def test_phases(file):
    told = program("order", file, "--json")["frames"]
    for frame, theirs in zip(bnsl.Trajectory(file), told):
        assert frame.step == theirs["step"]
        assert (bnsl.classify(frame) == bnsl.Phase.ALB2).sum() == theirs["AlB2"] > 250


def test_steinhardt(file, tmp_path):
    program("steinhardt", file, "--l", "4,6", "--nearest", "12", "--average", "--frame", "1", "-o", tmp_path / "q.tsv")
    table = bnsl.read_table(tmp_path / "q.tsv")
    columns = table.header.split("\n")[-1].split("\t")
    frame = bnsl.Trajectory(file)[1]
    order = bnsl.Steinhardt([4, 6], average=True).compute(frame, {"num_neighbors": 12})
    for k, name in enumerate(("q4", "q6")):
        column = next(i for i, title in enumerate(columns) if title.startswith(name))
        assert_array_equal(table.values[:, column], order.ql[:, k])


def test_rdf_and_structure_factor(file):
    frames = list(bnsl.Trajectory(file))
    told = program("rdf", file, "--between", "S,S", "--r-max", "3", "--bins", "60", "--json")
    rdf = bnsl.RDF(60, 3.0, n_species=2)
    for frame in frames:
        rdf.compute(frame, reset=False)
    assert_array_equal(told["g"], rdf.rdf_of("S", "S")[0])
    told = program("sq", file, "--q-max", "12", "--json")
    ours = bnsl.StructureFactor(500, 12.0, n_species=2).compute(frames[-1])
    filled = ours.n_k > 0
    for name, values in (("q", ours.q), ("S", ours.S), ("S_LS", ours.partial("L", "S")), ("S_SS", ours.partial("S", "S"))):
        assert_array_equal(told[name], values[filled])
