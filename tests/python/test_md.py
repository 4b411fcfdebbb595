# SPDX-License-Identifier: GPL-3.0-or-later
import os
import signal
import sys
import threading
import time

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import bnsl


@pytest.fixture
def md(fluid):
    return bnsl.MD(fluid, bnsl.Potential(), kT=0.8, seed=3)


def test_run_is_reproducible(fluid, tmp_path):
    make = lambda threads: bnsl.MD(fluid, kT=0.8, seed=3, num_threads=threads).thermalize(0.8)  # noqa: E731
    a, b = make(1).run(60), make(2).run(30)
    b.save(tmp_path / "checkpoint")
    b = bnsl.MD.load(tmp_path / "checkpoint", num_threads=1)
    assert b.step == 30
    b.run(30)
    assert_array_equal(a.positions, b.positions)
    assert_array_equal(a.velocities, b.velocities)
    assert a.step == 60 and len(a) == 300 and "step 60" in repr(a)


def test_state(md, fluid):
    assert_array_equal(md.species, fluid.species)
    assert_allclose(md.diameters, np.where(fluid.species == 0, 1, 0.55))
    assert md.box == fluid.box
    assert_allclose(fluid.box.minimum_image(md.points - fluid.points), 0, atol=1e-13)
    assert md.images.shape == (300, 3)
    velocities = np.random.default_rng(1).normal(size=(300, 3))
    md.velocities = velocities
    assert_array_equal(md.velocities, velocities)
    out = np.empty((300, 3))
    assert md.get_positions(out) is out and md.get_velocities(out) is out and md.get_forces(out) is out
    assert_array_equal(out, md.forces)
    thermo = md.thermo
    assert_allclose(thermo.kinetic_energy, 0.5 * (velocities**2).sum())
    assert thermo.pressure_tensor.shape == (6,) and thermo.as_dict()["step"] == 0
    assert_allclose(thermo.potential_energy, md.energy_with(bnsl.Potential()))
    assert md.energy_with(bnsl.Potential(well_depth=2)) == pytest.approx(2 * thermo.potential_energy)
    md.set_potential(bnsl.Potential(well_depth=2))
    assert md.thermo.potential_energy == pytest.approx(2 * thermo.potential_energy)
    md.diameters = np.full(300, 0.5)
    assert np.all(md.diameters == 0.5)
    md.diameters = None
    md.step = 50
    assert md.step == 50 and md.set_dt(0.001).run(2).step == 52
    assert md.statistics.n_steps == 2


def test_conditions(fluid):
    md = bnsl.MD(fluid, kT=1, integrator="nvt", thermostat_time=0.2, chain_length=2).thermalize(1)
    md.set_frozen(np.arange(300) < 10).run(20)
    assert_allclose(md.get_positions()[:10], fluid.points[:10], atol=1e-12)
    md.set_frozen(None)
    start = md.thermo.packing_fraction
    md.set_packing_schedule([md.step, md.step + 20], [start, 0.99 * start]).set_kT_schedule([0, 100], [1, 2]).run(20)
    assert_allclose(md.thermo.packing_fraction, 0.99 * start, rtol=1e-12)
    npt = (
        bnsl.MD(fluid, integrator="npt", pressure=1, barostat="orthorhombic", kT=1)
        .thermalize(1)
        .set_pressure_schedule([0, 50], [1, 2])
        .run(50)
    )
    assert len(set(npt.box.L)) == 3
    large = bnsl.Box(30)
    droplet = bnsl.random_start(large, np.full(50, 1.0), wall="sphere", size=5.0, seed=2)
    assert np.linalg.norm(droplet, axis=1).max() < 5
    walled = bnsl.MD((large, droplet), bnsl.Potential([1.0])).set_wall("sphere", 5.0)
    assert walled.wall == ("sphere", 5.0) and walled.set_wall("none").wall.kind == "none"


def test_minimize(fluid):
    md = bnsl.MD(fluid)
    before = md.thermo.potential_energy
    steps = md.minimize(force_tolerance=0.1, max_steps=20000)
    assert steps > 0 and md.thermo.potential_energy < before and np.abs(md.forces).max() <= 0.1
    with pytest.raises(bnsl.NoConvergence):
        bnsl.MD(fluid).minimize(max_steps=1)


def test_starts(fluid, refuses):
    diameters = bnsl.polydisperse(np.repeat([0, 1], 500), [1, 0.5], [0.05, 0.1], n_bins=0, seed=4)
    assert abs(diameters[:500].mean() - 1) < 0.01 and abs(diameters[500:].std() / 0.05 - 1) < 0.2
    points = bnsl.random_start(5, [2.0, *[1.0] * 40], fixed=[[0, 0, 0]], seed=2)
    assert_array_equal(points[0], 0)
    assert np.linalg.norm(points[1:], axis=1).min() > 0.98 * 1.5
    refuses(ValueError, "packing", bnsl.random_start, 5, np.full(400, 1.0))
    refuses(ValueError, "fixed", bnsl.random_start, 5, [1.0], fixed=np.zeros((2, 3)))
    refuses(ValueError, "wall", bnsl.random_start, 5, [1.0], wall="cube")
    refuses(ValueError, "species", bnsl.polydisperse, [0, 2], [1, 0.5], [0.1, 0.1])


def test_frame(md):
    frame = md.run(3).frame()
    assert frame.step == 3 and frame.types == ["L", "S"]
    assert_array_equal(frame.points, md.points)
    assert_array_equal(frame["image"], md.images)
    assert_array_equal(bnsl.as_system(md).points, md.positions)


def test_pair_forces(md, fluid, refuses):
    potential, moved = bnsl.Potential(), np.random.default_rng(8).normal(0, 1e-3, (300, 3))
    bonds = bnsl.NeighborList(fluid, pair_cutoffs=potential.cutoffs + 0.05)
    found = bnsl.pair_forces(bonds, potential, fluid.species, num_threads=2)
    thermo = md.thermo
    assert_allclose(found.forces, md.forces, rtol=1e-9, atol=1e-9 * np.abs(md.forces).max())
    assert_allclose(found.energies.sum(), thermo.potential_energy, rtol=1e-12)
    assert_allclose(found.virial / thermo.volume, thermo.pressure_tensor, rtol=1e-9, atol=1e-9 * thermo.pressure)
    later = bnsl.pair_forces(bonds, potential, fluid.species, moved)
    there = bnsl.MD((fluid.box, fluid.points + moved), potential, species=fluid.species)
    assert_allclose(later.energies.sum(), there.thermo.potential_energy, rtol=1e-10)
    refuses(ValueError, "displacements", bnsl.pair_forces, bonds, potential, fluid.species, moved[:3])
    refuses(ValueError, "species", bnsl.pair_forces, bonds, bnsl.Potential([1.0]), fluid.species)


def test_bad_arguments(md, fluid, refuses, tmp_path):
    refuses(ValueError, "dt", bnsl.MD, fluid, dt=-1)
    refuses(ValueError, "integrator is 'verlet'", bnsl.MD, fluid, integrator="verlet")
    refuses(ValueError, "seed", bnsl.MD, fluid, seed=-1)
    refuses(ValueError, "a box is needed", bnsl.MD, (None, fluid.points))
    refuses(ValueError, "species", bnsl.MD, fluid, species=np.full(300, 7))
    refuses(ValueError, "n_steps", md.run, -1)
    refuses(TypeError, "progress is 7", md.run, 1, progress=7)
    refuses(ValueError, "max_steps", md.minimize, max_steps=0)
    refuses(ValueError, "kT", md.thermalize, -1)
    for method in (md.get_positions, md.get_velocities, md.get_forces):
        refuses(ValueError, "out: expected", method, np.empty((300, 3), np.float32))
    refuses(ValueError, "frozen", md.set_frozen, [1])
    refuses(ValueError, "dt", md.set_dt, 0)
    refuses(ValueError, "species", md.set_potential, bnsl.Potential([1.0]))
    refuses(ValueError, "species", md.energy_with, bnsl.Potential([1.0]))
    refuses(ValueError, "kind", md.set_wall, "cube", 1)
    refuses(ValueError, "expected shape", md.set_packing_schedule, [0, 1], [0.1])
    refuses(ValueError, "packing", md.set_packing_schedule, [0, 1], [0.1, 2])
    refuses(ValueError, "kT", md.set_kT_schedule, [0, 1], [1, -1])
    refuses(ValueError, "NPT", md.set_pressure_schedule, [0], [1])
    with pytest.raises(ValueError, match="step"):
        md.step = -1
    with pytest.raises(ValueError, match="velocities"):
        md.velocities = np.zeros(3)
    with pytest.raises(ValueError, match="diameter"):
        md.diameters = np.zeros(300)
    refuses(OSError, "nowhere", md.save, tmp_path / "nowhere" / "checkpoint")
    refuses(OSError, "nothing", bnsl.MD.load, tmp_path / "nothing")
    (tmp_path / "text").write_text("no checkpoint")
    refuses(ValueError, "text", bnsl.MD.load, tmp_path / "text")
    md.close()
    refuses(ValueError, "this MD is closed", md.run, 1)
    refuses(ValueError, "closed", md.frame)


def test_lost_particles(fluid):
    md = bnsl.MD(fluid, integrator="nve", dt=1e6).thermalize(1.0)
    with pytest.raises(bnsl.errors.NumericalError):
        md.run(5)


# ---- progress, cancelling, Ctrl-C ---------------------------------------------------------------------------


def test_progress(md, monkeypatch, capsys):
    seen = []
    md.run(40, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (40, 40) and all(a <= b for a, b in seen)
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)  # as if tqdm were not there
    md.run(40, progress=True)
    assert "MD: 100 %" in capsys.readouterr().err


def test_progress_with_tqdm(md, capsys):
    pytest.importorskip("tqdm")
    md.run(40, progress=True)
    assert "100%" in capsys.readouterr().err


def test_exception_in_progress(md):
    with pytest.raises(ZeroDivisionError):
        md.run(10**7, progress=lambda done, total: 1 / 0)
    assert md.step < 10**7
    md.run(5)


def test_progress_stops(md):
    with pytest.raises(bnsl.Cancelled):
        md.run(10**7, progress=lambda done, total: False)
    assert 0 < md.step + 1 < 10**7


def test_control(md):
    control = bnsl.Control()
    control.cancel()
    assert control.is_cancelled
    with pytest.raises(bnsl.Cancelled):
        md.run(10, control=control)
    control.reset()
    assert not control.is_cancelled
    threading.Timer(0.1, control.cancel).start()
    with pytest.raises(bnsl.Cancelled):
        md.run(10**8, control=control)


def test_runs_in_threads(fluid):
    mds = [bnsl.MD(fluid, seed=3).thermalize(1) for _ in range(3)]
    threads = [threading.Thread(target=md.run, args=(200,)) for md in mds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert_array_equal(mds[0].positions, mds[1].positions)
    assert_array_equal(mds[0].positions, mds[2].positions)


def test_interrupt_stops_a_run_and_leaves_it_valid(fluid):
    md, other = bnsl.MD(fluid, seed=9).thermalize(1), bnsl.MD(fluid, seed=9).thermalize(1)
    sent = []

    def interrupt():
        time.sleep(0.3)
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    handler = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        md.run(10**9)
    late = time.monotonic() - sent[0]
    thread.join()
    assert signal.getsignal(signal.SIGINT) is handler
    # Promised are 0.2 s: 0.1 s between two callbacks and a step of well below a millisecond. A machine that does other work may need longer.
    assert late < 2.0
    done = md.step
    assert 0 < done < 10**9
    md.run(10)
    other.run(done + 10)
    assert_array_equal(md.positions, other.positions)


def test_own_handler_is_asked(md):
    asked = []
    before = signal.signal(signal.SIGINT, lambda *arguments: asked.append(arguments[0]))
    try:
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(bnsl.Cancelled):
            md.run(10**9)
    finally:
        signal.signal(signal.SIGINT, before)
    assert asked == [signal.SIGINT]
