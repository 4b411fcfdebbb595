# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up series: a fluid, then AlB2 that grows and shrinks its lattice."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import bnsl
from bnsl import core, saxs

CORES = {"cores": (6.4, 3.4), "c_over_a": 1.0}


@pytest.fixture(scope="module")
def grown():
    """(time, q, s, error, shares): S(q) of a mixture of fluid and AlB2, noise of 1 %."""
    q = np.linspace(0.5, 2.6, 260)
    time = np.arange(12) * 30.0
    share = np.clip((time - 120) / 400, 0, None)
    lattice = bnsl.Lattice("AlB2", a=8.4)
    f_l, f_s = (bnsl.FormFactor(d / 2).amplitude(q) for d in CORES["cores"])
    norm = f_l**2 + 2 * f_s**2
    lines = np.zeros_like(q)
    for line in lattice.reflections(3.0):
        f = line.g_ll * f_l**2 + line.g_ss * f_s**2 + 2 * line.g_ls * f_l * f_s
        area = 2 * np.pi**2 * line.multiplicity * f * np.exp(-(line.q**2) * 0.2**2) / (lattice.cell_volume * line.q**2 * norm)
        lines += area * 0.03 / np.pi / ((q - line.q) ** 2 + 0.03**2)
    waves = np.exp(-(q**2) * 0.2**2)
    s = np.array([(1 - x) + x * (lines + 1 - waves) for x in share])
    error = np.full_like(s, 0.01)
    s = s + error * core.random_normal(s.size, seed=3).reshape(s.shape)
    return time, q, s, error, share


def test_fit_series(grown, refuses):
    time, q, s, error, share = grown
    s = s.copy()
    s[2, 7] = np.nan
    seen = []
    fit = bnsl.fit_series(time, q, s, "AlB2", error, a=(7.5, 9.5), fluid="ideal", progress=lambda done, n: seen.append((done, n)), **CORES)
    assert len(fit) == 11 and fit.n_bad == 1 and seen[-1] == (11, 11)
    assert_allclose(fit.time, np.delete(time, 2))
    last = fit.frames[-1]
    assert last.present == 1 and fit.frames[0].present == 0 and fit.frames[0].phases[0].fraction == 0
    assert_allclose(last.phases[0].a, 8.4, atol=0.01)
    assert abs(fit.of("fraction")[-1] - share[-1]) < 0.1 and last.phases[0].structure == "AlB2"
    found, err = fit.nucleation()
    assert 90 < found < 250 and err > 0 and fit.nucleation(0)[0] == pytest.approx(found)
    pattern = fit.pattern(-1)
    assert_allclose(pattern.phases[0].a, last.phases[0].a)
    assert pattern.model(q).shape == q.shape and pattern.fluid.share_large >= 0
    refuses(IndexError, "frame 11 of 11", fit.pattern, 11)
    refuses(ValueError, "no 'size'", fit.of, "size")
    refuses(ValueError, "time", fit.add, 0.0, s[-1], error[-1])
    refuses(ValueError, "phase", fit.nucleation, 5)
    refuses(ValueError, "needed with a reference", bnsl.fit_series, time, q, s, "AlB2", reference=2)
    refuses(ValueError, "s: expected", bnsl.fit_series, time, q, s[:, :3], "AlB2", error)
    with pytest.raises(bnsl.Cancelled):
        bnsl.fit_series(time, q, s, "AlB2", error, a=(7.5, 9.5), fluid="ideal", progress=lambda done, n: False, **CORES)


def test_series_goes_on(grown, refuses):
    time, q, s, error, _ = grown
    model = {"a": (7.5, 9.5), "fluid": "ideal", "anchor": False, **CORES}
    whole = bnsl.fit_series(time[:10], q, s[:10], "AlB2", error[:10], **model)
    half = bnsl.fit_series(time[:9], q, s[:9], "AlB2", error[:9], **model)
    empty = bnsl.fit_series([], q, np.empty((0, len(q))), "AlB2", np.empty((0, len(q))), **model)
    again = empty.restore(half.save())
    assert len(again) == 9 and again.add(time[9], s[9], error[9]).phases[0].a == whole.frames[9].phases[0].a
    refuses(ValueError, "", bnsl.fit_series([], q, np.empty((0, len(q))), "AlB2", **model, error_model="uniform").restore, b"nothing")


def test_normalise(grown, refuses):
    time, q, s, error, share = grown
    found = saxs.normalise(7.0 * s, 7.0 * error, 3)
    reference = s[:3].mean(axis=0)
    assert_allclose(found.s, s / reference, rtol=1e-12)
    assert found.n_bad == 0 and np.all(found.s_err[5] > 0) and found.common.shape == q.shape
    refuses(ValueError, "n_reference", saxs.normalise, s, error, 0)
    refuses(ValueError, "expected shape", saxs.normalise, s, error[:2], 1)


def test_more_of_patterns(grown, refuses):
    time, q, s, error, share = grown
    fit = bnsl.fit_pattern(q, s[-1], "AlB2", error[-1], a=(7.5, 9.5), fluid="ideal", **CORES)
    assert fit.phases[0].status["a"] == "fitted" and fit.phases[0].status["c_over_a"] == "fixed"
    geometry = fit.geometry()
    assert_allclose(geometry.b_ll, fit.phases[0].a)
    assert_allclose(geometry.d_ll, geometry.b_ll - 6.4)
    assert 0 < geometry.volume_fraction < 1 and 0 <= fit.fluid.share_large < 1
    before = fit.phases[0].a
    reference = bnsl.fit_pattern(q, s[-2], "AlB2", error[-2], a=(7.5, 9.5), fluid="ideal", **CORES)
    value, err = fit.relative_fraction(reference, share[-2])
    assert abs(value - share[-1]) < 5 * err + 0.05
    assert fit.refit(q, s[-2], error[-2]) is fit and abs(fit.phases[0].a - before) < 0.05
    refuses(ValueError, "bonds", fit.geometry, 0, "guess")
    refuses(ValueError, "expected shape", fit.refit, q, s[0, :3])
    refuses(ValueError, "phase", fit.relative_fraction, reference, 0.5, 7)


def test_fit_line(refuses):
    q = np.linspace(0.8, 1.4, 120)
    s = 0.5 - 0.1 * q + 0.2 * 0.02 / np.pi / ((q - 1.1) ** 2 + 0.02**2)
    line = bnsl.fit_line(q, s, 1.09, error_model="uniform", window=0.25)
    assert_allclose([line.q, line.hwhm, line.area], [1.1, 0.02, 0.2], rtol=1e-4)
    assert line.converged and line.status["q"] == "fitted"
    assert_allclose(saxs.scherrer(0.02), np.pi * 1.0747 / 0.02, rtol=1e-3)
    assert saxs.scherrer(0.02, convention="fwhm-volume") < saxs.scherrer(0.02)
    refuses(ValueError, "line_shape", bnsl.fit_line, q, s, 1.1, line_shape="box")
    refuses(ValueError, "error", bnsl.fit_line, q, s, 1.1)
    refuses(ValueError, "hwhm", saxs.scherrer, -1)
