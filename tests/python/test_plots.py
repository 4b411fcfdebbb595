# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures: drawn into given axes, labelled, with the data in them; shown by notebooks."""

import sys

import numpy as np
import pytest

import bnsl

pytest.importorskip("matplotlib")


def objects(fluid, alb2):
    q = np.linspace(0.5, 3, 300)
    lattice = bnsl.Lattice("AlB2", a=8.2)
    s = 0.2 + sum(0.01 * line.intensity() / ((q - line.q) ** 2 + 0.02**2) * 1e-3 for line in lattice.reflections(3.2))
    sphere = bnsl.FormFactor(3, 0.3)
    nearest = {"num_neighbors": 12}
    steps = np.cumsum(np.random.default_rng(1).normal(size=(20, 5, 3)), axis=0)
    yield bnsl.Potential()
    yield lattice
    yield bnsl.Lattice("NaZn13")
    yield bnsl.Steinhardt([4, 6], wl=True).compute(fluid, nearest)
    yield bnsl.SolidLiquid().compute(fluid, nearest)
    yield bnsl.Cluster().compute(fluid, neighbors={"r_max": 0.8})
    yield bnsl.LocalDensity().compute(fluid)
    yield bnsl.RDF(50, 2.5, n_species=2).compute(fluid)
    yield bnsl.RDF(50, 2.5).compute(fluid)
    yield bnsl.MSD(n_species=2).compute(steps, species=[0, 0, 1, 1, 1])
    yield bnsl.Nucleation().add(alb2).add(alb2)
    yield bnsl.StructureFactor(50, 8, n_species=2).compute(fluid)
    yield sphere
    yield bnsl.fit_form_factor(q, sphere(q), error_model="relative")
    yield bnsl.fit_dilute(q, sphere(q), [sphere, bnsl.FormFactor(1.0)], error_model="relative")
    yield bnsl.fit_pattern(q, s, lattice, error_model="uniform", background="polynomial")
    yield bnsl.Curve(q, s)
    yield bnsl.Frame(*fluid)
    yield bnsl.Frame(fluid.box, np.empty((0, 3)))
    yield bnsl.Series(np.arange(3.0), q, [s, s, s])
    yield bnsl.Series(np.arange(1.0), q, [s])


def test_plots(fluid, alb2):
    from matplotlib.figure import Figure

    for thing in objects(fluid, alb2):
        ax = Figure().add_subplot()
        assert thing.plot(ax) is ax
        assert ax.get_xlabel() and ax.get_ylabel(), thing
        assert ax.lines or ax.patches or ax.collections, thing


def test_pictures_in_notebooks(monkeypatch):
    import matplotlib.pyplot as plt

    assert bnsl.Potential().plot().figure.number in plt.get_fignums()
    plt.close("all")
    profile = sys.getprofile()
    sys.setprofile(None)  # matplotlib would be slow under it
    png = bnsl.Potential()._repr_png_()
    sys.setprofile(profile)
    assert png.startswith(b"\x89PNG") and len(png) > 3000
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)  # as if it were not there
    assert bnsl.Potential()._repr_png_() is None


def test_nothing_to_draw():
    from matplotlib.figure import Figure

    assert bnsl.RDF()._repr_png_() is None
    with pytest.raises(AttributeError, match="compute"):
        bnsl.RDF().plot(Figure().add_subplot())
