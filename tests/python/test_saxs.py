# SPDX-License-Identifier: GPL-3.0-or-later
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import bnsl
from bnsl import core

DATA = Path(__file__).resolve().parents[1] / "data"


def test_structure_factor_is_the_sum(fluid, refuses):
    found = bnsl.StructureFactor(bins=12, k_max=6, n_species=2).compute(fluid)
    h = np.stack(np.meshgrid(*[np.arange(-6, 7)] * 3), axis=-1).reshape(-1, 3)
    k = h @ fluid.box.reciprocal_vectors
    size = np.linalg.norm(k, axis=1)
    k, size = k[(size > 1e-9) & (size <= 6)], size[(size > 1e-9) & (size <= 6)]
    waves = np.exp(1j * k @ fluid.points.T)
    amplitude = np.stack([waves[:, fluid.species == s].sum(axis=1) for s in (0, 1)])
    bins = np.minimum((size / 0.5).astype(int), 11)
    for b in range(12):
        if np.any(bins == b):
            assert found.n_k[b] == (bins == b).sum()
            assert_allclose(found.q[b], size[bins == b].mean())
            assert_allclose(found.S_k[b], np.mean(np.abs(amplitude.sum(axis=0)[bins == b]) ** 2) / 300, rtol=1e-5)
            assert_allclose(found.partial("L", "S")[b], np.mean((amplitude[0] * amplitude[1].conj()).real[bins == b]) / 300, atol=1e-5)
        else:
            assert np.isnan(found.S[b])
    total = found.partial(0, 0) + 2 * found.partial(1, 0) + found.partial("S", "S")
    assert_allclose(total, found.S_k, atol=1e-12)
    assert found.min_valid_k == found.q[found.n_k > 0][0]
    assert_array_equal(found.k_values, found.q)
    smooth = bnsl.StructureFactor(bins=50, k_max=6, peak_hwhm=0.1).compute(fluid)
    assert np.all(np.isfinite(smooth.S))
    refuses(ValueError, "q_max", bnsl.StructureFactor(k_max=-1).compute, fluid)
    refuses(ValueError, "n_q", bnsl.StructureFactor(bins=0).compute, fluid)
    assert found.method == "nufft" and bnsl.StructureFactor(method="direct").compute(fluid).method == "direct"
    refuses(ValueError, "must be one of", bnsl.StructureFactor, method="fft")
    refuses(ValueError, "tolerance", bnsl.StructureFactor(tolerance=1).compute, fluid)
    refuses(ValueError, "must be within 0 .. 1", found.partial, 0, 2)
    with pytest.raises(AttributeError, match="compute"):
        _ = bnsl.StructureFactor().S_k
    control = bnsl.Control()
    control.cancel()
    refuses(bnsl.Cancelled, "", bnsl.StructureFactor().compute, fluid, control=control)


def test_structure_factor_of_a_cluster(fluid, refuses):
    points, species = fluid.points[:60], fluid.species[:60]
    found = bnsl.StructureFactor(bins=9, k_max=6, n_species=2).compute((None, points), species=species)
    assert found.method == "debye" and not np.any(found.n_k)
    r = np.linalg.norm(points[:, None] - points[None], axis=2)
    for q, s, cross in zip(found.q, found.S_k, found.partial("L", "S")):
        wave = np.sinc(q * r / np.pi)
        assert_allclose(s, wave.sum() / 60, atol=1e-6)
        assert_allclose(cross, wave[species == 0][:, species == 1].sum() / 60, atol=1e-6)
    masked = bnsl.StructureFactor(bins=9, k_max=6, method="debye", shape="mask", shape_radius=3).compute((fluid.box, points))
    assert_array_equal(np.isnan(masked.S), masked.q < 2)
    assert masked.min_valid_k > 2
    f = np.stack([np.full(9, 2.0), np.linspace(0, 1, 9)], axis=1)
    share = [np.mean(species == 0), np.mean(species == 1)]
    plain = found.intensity(f)
    by_hand = f[:, 0] ** 2 * found.partial(0, 0) + 2 * f[:, 0] * f[:, 1] * found.partial(0, 1) + f[:, 1] ** 2 * found.partial(1, 1)
    assert_allclose(plain, by_hand, atol=1e-12)
    assert_allclose(found.intensity(f, f**2 + 0.5, share), plain + 0.5, atol=1e-12)
    assert_allclose(found.intensity(f, f**2 + 0.5), plain + 0.5, atol=1e-12)
    spheres = [bnsl.FormFactor(0.4, 0.02), bnsl.FormFactor(0.2, 0.01)]
    by_hand = [np.column_stack([getattr(sphere, name)(found.q) for sphere in spheres]) for name in ("amplitude", "intensity")]
    assert_allclose(found.intensity(spheres), found.intensity(*by_hand), rtol=1e-12)
    refuses(ValueError, "share", found.intensity, f, f**2, [1.0])
    refuses(ValueError, "expected shape", found.intensity, spheres[:1])
    refuses(ValueError, "f:", found.intensity, f[:3])


def test_form_factor(refuses):
    q = np.linspace(0, 3, 40).reshape(4, 10)
    sphere = bnsl.FormFactor(2.0)
    x = np.where(q > 0, 2 * q, 1)
    expected = np.where(q > 0, 4 / 3 * np.pi * 8 * 3 * (np.sin(x) - x * np.cos(x)) / x**3, 4 / 3 * np.pi * 8)
    assert_allclose(sphere.amplitude(q), expected, atol=1e-10)
    assert_allclose(sphere.intensity(q), expected**2, atol=1e-9)
    assert_allclose(sphere(q), sphere.intensity(q))
    radii = np.linspace(0.5, 4, 4001)
    weights = np.exp(-((radii - 2) ** 2) / (2 * 0.2**2))
    mean = np.array([np.average(bnsl.FormFactor(r)(np.array([0.7]))) for r in radii[::10]])
    assert_allclose(bnsl.FormFactor(2, 0.2)(0.7), np.average(mean, weights=weights[::10]), rtol=1e-6)
    assert eval(repr(bnsl.FormFactor(2, 0.2, "schulz")))(1.0) == bnsl.FormFactor(2, 0.2, "schulz")(1.0)
    refuses(ValueError, "radius", bnsl.FormFactor, -1)
    refuses(ValueError, "distribution", bnsl.FormFactor, 1, 0.1, "beta")
    shell = bnsl.FormFactor(5, 0.5, "lognormal", weighting="volume", shell=2.0, sld=(41.7, 8.5, 6.8))
    assert eval(repr(shell))(0.3) == shell(0.3) and "weighting='volume'" in repr(shell)
    assert_allclose(shell.moment(4) / shell.moment(3), 5)  # the mean of the volume distribution
    assert_allclose(shell.volume, 4 / 3 * np.pi * (shell.moment(3) + 6 * shell.moment(2) + 12 * shell.moment(1) + 8))
    assert_allclose(shell.beta(q), shell.amplitude(q) ** 2 / shell.intensity(q))
    assert_allclose(bnsl.FormFactor(2, 0.2, n_sigma=3, n_points=35)(0.7), bnsl.FormFactor(2, 0.2)(0.7), rtol=2e-2)
    refuses(ValueError, "n_sigma", bnsl.FormFactor, 1, 0.1, "schulz", n_sigma=3)
    refuses(ValueError, "weighting", bnsl.FormFactor, 1, 0.1, weighting="mass")
    refuses(ValueError, "core, shell and medium", bnsl.FormFactor, 1, 0.1, sld=(1, 0))
    refuses(ValueError, "order", shell.moment, 13)
    for method in (sphere.amplitude, sphere.intensity, sphere.beta):
        refuses(ValueError, "q[", method, [-1.0])


def test_fit_form_factor(refuses):
    curve = bnsl.read_curve(DATA / "saxs/PolySpheres.txt", "A")
    fit = bnsl.fit_form_factor(curve.q, curve.intensity, distribution="schulz", error_model="sqrt")
    assert fit.converged and abs(fit.radius - 6) < 1e-4 and abs(fit.sigma - 1.2) < 1e-4  # SasView's example: R = 60 A, 20 %, Schulz
    assert_allclose(fit.model(curve.q), curve.intensity, rtol=1e-4)
    q = np.linspace(0.05, 2, 80)
    exact = 3 * bnsl.FormFactor(3, 0.3)(q) / (4 / 3 * np.pi * 3 * (9 + 3 * 0.09)) + 0.5
    gaussian = bnsl.fit_form_factor(q, exact, 0.01 * exact, q_max=1.9)
    assert_allclose([gaussian.radius, gaussian.sigma, gaussian.scale, gaussian.background], [3, 0.3, 3, 0.5], rtol=1e-5)
    assert_allclose(gaussian.model(q), exact, rtol=1e-5)
    assert gaussian.form_factor.radius == gaussian.radius and "radius" in gaussian.as_dict() and "_data" not in gaussian.as_dict()
    volume = bnsl.FormFactor(3, 0.3, "lognormal", weighting="volume")
    curve = volume(q) / volume.volume
    found = bnsl.fit_form_factor(q, curve, 0.01 * curve, distribution="lognormal", weighting="volume")
    assert_allclose([found.radius, found.sigma, found.scale], [3, 0.3, 1], rtol=1e-4)
    assert_allclose(found.model(q), curve, rtol=1e-5)
    refuses(ValueError, "error", bnsl.fit_form_factor, q, exact)
    refuses(ValueError, "error_model", bnsl.fit_form_factor, q, exact, error_model="poisson")
    refuses(ValueError, "expected shape", bnsl.fit_form_factor, q, exact[:3])
    refuses(ValueError, "points", bnsl.fit_form_factor, q[:3], exact[:3], error_model="uniform")


def test_fit_dilute(refuses):
    q = np.geomspace(0.05, 3, 150)
    small, large = bnsl.FormFactor(2.0, 0.1), bnsl.FormFactor(5.0, 0.4)
    exact = 0.3 * small(q) / small.volume + 0.02 * large(q) / large.volume + 0.05
    error = 0.01 * exact
    fit = bnsl.fit_dilute(q, exact, [bnsl.FormFactor(2.3, 0.2), bnsl.FormFactor(4.5, 0.3)], error)
    found = sorted((p["radius"].value, p["sigma"].value, p["scale"].value) for p in fit.populations)
    assert_allclose(found, [(2, 0.1, 0.3), (5, 0.4, 0.02)], rtol=1e-4)
    assert_allclose(fit.background.value, 0.05, rtol=1e-4)
    assert (
        fit.converged and fit.n_free == 7 and fit.n_points == 150 and fit.populations[0]["shell"].fate == "fixed" and "radius" in repr(fit)
    )
    assert_allclose(fit.model(q), exact, rtol=1e-5)
    assert_allclose(fit.model(q, 0) + fit.model(q, 1) + fit.background.value, fit.model(q), rtol=1e-12)
    assert_allclose(fit.form_factor(1).radius, fit.populations[1]["radius"].value)
    assert_allclose(fit.covariance((0, "radius"), (0, "radius")), fit.populations[0]["radius"].err ** 2, rtol=1e-9)
    single = bnsl.fit_dilute(q, large(q) + 1.0, error_model="relative", fixed={"background": 1.0}, bounds={(0, "radius"): (3, 8)})
    assert_allclose(single.populations[0]["radius"].value, 5, rtol=1e-4)
    assert single.background == (1.0, 0.0, "fixed")
    shelled = bnsl.FormFactor(3, 0.2, shell=1.0, sld=(2.0, 1.0, 0.0))
    free = bnsl.fit_dilute(
        q, shelled(q), bnsl.FormFactor(3, 0.2, shell=0.8, sld=(2.0, 1.0, 0.0)), error_model="relative", bounds={(0, "shell"): (0.1, 2)}
    )
    assert_allclose(free.populations[0]["shell"].value, 1.0, rtol=1e-3)
    refuses(ValueError, "error", bnsl.fit_dilute, q, exact)
    refuses(ValueError, "no parameter", bnsl.fit_dilute, q, exact, error_model="sqrt", fixed={(0, "size"): 1})
    refuses(ValueError, "population", bnsl.fit_dilute, q, exact, error_model="sqrt", fixed={(3, "radius"): 1})
    refuses(ValueError, "no parameter", fit.covariance, "scale", "background")
    refuses(ValueError, "population", fit.form_factor, 5)
    refuses(ValueError, "population", fit.model, q, 5)


def pattern(q, lattice, w=0.02):
    """Lorentzians at the reflections of a lattice on a sloping background."""
    out = 0.3 - 0.05 * q
    for line in lattice.reflections(q.max() + 2 * w):
        out = out + line.intensity() * 0.002 * w / np.pi / ((q - line.q) ** 2 + w**2)
    return out


def test_fit_pattern(refuses):
    q = np.linspace(0.5, 3.2, 700)
    lattice = bnsl.Lattice("AlB2", a=8.2, c_over_a=0.99)
    s = pattern(q, lattice) + 1e-4 * core.random_normal(len(q), seed=5)
    plain = dict(background="polynomial", error_model="uniform")
    fit = bnsl.fit_pattern(q, s, "AlB2", a=(7, 10), c_over_a="fit", **plain)
    assert fit.phases[0].status["a"] == "fitted" and fit.phases[0].status["microstrain"] == "fixed"
    assert fit.phases[0].peaks[0].status == "fitted" and fit.phases[0].peaks[0].q_err >= 0
    assert fit.converged and fit.chi2_reduced < 1e-6 and fit.n_iterations >= 0 and "AlB2" in repr(fit)
    phase = fit.phases[0]
    assert_allclose([phase.a, phase.c_over_a, phase.hwhm], [8.2, 0.99, 0.02], rtol=1e-3)
    assert phase.structure == "AlB2" and len(phase.peaks) > 5 and phase.peaks[0].hkl == (0, 0, 1)
    assert_allclose(fit.model(q), s, atol=6e-4)
    assert_allclose(fit.background(q), 0.3 - 0.05 * q, atol=2e-3)
    two = bnsl.fit_pattern(q, s, [lattice, bnsl.Lattice("fcc", a=11.0)], error=np.full(700, 0.001), q_max=2.0, background="polynomial")
    assert [p.structure for p in two.phases] == ["AlB2", "fcc"]
    for bad, text in (
        (dict(structures="AlB9"), "AlB9"),
        (dict(structures=lattice), "error"),
        (dict(structures=lattice, error_model="poisson"), "error_model"),
        (dict(structures=["AlB2", "fcc"], a=[(7, 8)]), "a list of 2"),
        (dict(structures="fcc", a=(10, 12), c_over_a="fit", error_model="uniform"), "fcc is cubic"),
        (dict(structures=lattice, background_order=99, error_model="uniform"), "background_order"),
        (dict(structures=lattice, background="smooth", error_model="uniform"), "background"),
        (dict(structures=lattice, cores=(1.0, 0.5), core_sigma=(2.0, 0.1), error_model="uniform"), "sigma_large"),
        (dict(structures=lattice, areas="calculated", centres="free", error_model="uniform"), "free centres"),
    ):
        refuses(ValueError, text, bnsl.fit_pattern, q, s, **bad)
    refuses(ValueError, "q", bnsl.fit_pattern, q[::-1], s, lattice, error_model="uniform")
    refuses(ValueError, "q", fit.model, [np.nan])
    refuses(ValueError, "q", fit.background, [np.nan])


def test_peaks_and_indexing(refuses):
    q = np.linspace(0.3, 1.2, 900)
    at = [0.4853, 0.5548, 0.7371, 0.9609, 0.9906, 1.0765]
    s = 1 / q + sum(3 / (1 + ((q - x) / 0.004) ** 2) for x in at)
    found = bnsl.saxs.find_peaks(q, s)
    np.testing.assert_allclose([peak.q for peak in found], at, atol=1e-3)
    assert bnsl.saxs.find_peaks(q, np.exp(-q)) == []
    best = bnsl.saxs.index_peaks([0.4853, 0.5548, 0.7371, 0.9609, 0.9706, 1.0765])[0]
    assert best.structure == "AlB2" and abs(best.a - 13.077) < 0.01 and best.lines[2].hkl == (1, 0, 1) and best.n_explained == 6
    refuses(ValueError, "n_peaks is 1", bnsl.saxs.index_peaks, [1.0])
    refuses(ValueError, "n is 3", bnsl.saxs.find_peaks, [1.0, 2, 3], [1.0, 2, 1])
    refuses(ValueError, "q: expected shape", bnsl.saxs.find_peaks, np.ones((5, 2)), np.ones(5))


def test_images(refuses):
    y, x = np.mgrid[0:160, 0:192]
    k = 2 * np.pi * 2 / (np.sqrt(3) * 10)
    image = sum(np.cos(k * (x * np.cos(t) + y * np.sin(t))) for t in np.pi / 3 * np.arange(3)) + 0.01 * x
    spacing = bnsl.saxs.image_spacing(image, 0.5)
    assert abs(spacing.distance - 5) < 0.01 and spacing.sixfold > 0.9
    spectrum = bnsl.saxs.image_spectrum(image, 0.25, 64)
    assert spectrum.shape == (64, 64) and spectrum.max() > 100 * np.median(spectrum)
    refuses(ValueError, "pixel is 0", bnsl.saxs.image_spacing, image, 0)
    refuses(ValueError, "k_max", bnsl.saxs.image_spectrum, image, 2)
