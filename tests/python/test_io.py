# SPDX-License-Identifier: GPL-3.0-or-later
import gc
import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import address
from numpy.testing import assert_allclose, assert_array_equal

import bnsl

DATA = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture
def frame(fluid):
    out = bnsl.Frame(fluid.box, fluid.points, fluid.species, step=7)
    out["velocity"] = np.random.default_rng(1).normal(size=(300, 3)).astype(np.float32)
    out["q6"] = np.random.default_rng(2).normal(size=300)
    out.scalars["phi"] = 0.5
    return out


@pytest.mark.parametrize("name", ["t.gsd", "t.xyz", b"t.gsd"])
def test_round_trip(frame, tmp_path, name):
    file = tmp_path / os.fsdecode(name)
    with bnsl.Trajectory(os.fsencode(file) if isinstance(name, bytes) else file, "x") as out:
        out.append(frame)
        out.flush()
        frame.step = 8
        out.extend([frame])
        assert len(out) == 2 and "2 frames" in repr(out)
    with bnsl.Trajectory(file) as trajectory:
        assert len(trajectory) == 2 and [f.step for f in trajectory] == [7, 8]
        assert [f.step for f in trajectory[::-1]] == [8, 7]
        got = trajectory[-1]
    assert got.types == ["L", "S"] and got.scalars["phi"] == 0.5
    assert_array_equal(got.typeid, frame.typeid)
    assert_array_equal(got["q6"], frame["q6"])
    assert_allclose(frame.box.minimum_image(got.points - frame.points), 0, atol=1e-6)
    assert_array_equal(got.velocities, frame["velocity"])
    assert set(got) >= {"position", "velocity", "q6"} and "q6" in repr(got) and len(got) == len(list(got))
    assert repr(trajectory) == "bnsl.Trajectory(closed)"


def test_continue(frame, tmp_path):
    file = tmp_path / "t.gsd"
    with bnsl.Trajectory(file, "w") as out:
        out.extend([frame, frame, frame])
    with bnsl.Trajectory(file, "a") as out:
        assert len(out) == 3
        out.append(frame)
    with bnsl.Trajectory(file, "a", keep=2) as out:
        out.append(frame)
    assert len(bnsl.Trajectory(file)) == 3


def test_what_becomes_of_files(frame, tmp_path, refuses):
    file = tmp_path / "t.gsd"
    with bnsl.Trajectory(file, "x"):
        pass
    assert not file.exists()  # nothing was appended
    out = bnsl.Trajectory(file, "x")
    out.append(frame)
    out.abandon()
    assert not file.exists() and list(tmp_path.iterdir()) == []
    with pytest.raises(ZeroDivisionError), bnsl.Trajectory(file, "x") as out:
        out.append(frame)
        raise ZeroDivisionError
    assert len(bnsl.Trajectory(file)) == 1  # each frame is complete
    refuses(FileExistsError, "t.gsd", bnsl.Trajectory, file, "x")
    refuses(FileNotFoundError, "nothing.gsd", bnsl.Trajectory, tmp_path / "nothing.gsd")
    refuses(FileNotFoundError, "nothing.gsd", bnsl.Trajectory, tmp_path / "nothing.gsd", "a")
    refuses(ValueError, "mode is", bnsl.Trajectory, file, "rb")
    refuses(ValueError, "format is", bnsl.Trajectory, file, format="dcd")
    refuses(TypeError, "", bnsl.Trajectory, 7)
    (tmp_path / "bad.gsd").write_bytes(file.read_bytes()[:100])
    refuses(ValueError, "bad.gsd", bnsl.Trajectory, tmp_path / "bad.gsd")
    refuses(bnsl.errors.Unsupported, "t.dcd", bnsl.Trajectory, tmp_path / "t.dcd", "w")
    trajectory = bnsl.Trajectory(file)
    refuses(IndexError, "frame 1 of 1", trajectory.__getitem__, 1)
    for method in (trajectory.append, trajectory.extend):
        refuses(ValueError, "open for reading", method, [frame] if method == trajectory.extend else frame)
    for method in (trajectory.flush, trajectory.abandon):
        refuses(ValueError, "open for reading", method)
    trajectory.close()
    refuses(ValueError, "closed", trajectory.__getitem__, 0)
    with bnsl.Trajectory(file, "w") as out:
        refuses(ValueError, "open for writing", out.__getitem__, 0)


def test_views_outlive_frame_and_file(frame, tmp_path):
    with bnsl.Trajectory(tmp_path / "t.gsd", "w") as out:
        out.append(frame)
    with bnsl.Trajectory(tmp_path / "t.gsd") as trajectory:
        read = trajectory[0]
        points, q6 = read.points, read["q6"]
        assert address(points) == address(read.points) == address(read.particles.position) and not points.flags.owndata
        assert address(bnsl.as_system(read).points) == address(points)  # what classify(frame) sees
        assert address(read.typeid) == address(bnsl.as_system(read).species)
    expected = points.copy(), q6.copy()
    del read, trajectory
    gc.collect()
    filler = [np.ones(1000) for _ in range(100)]
    assert_array_equal(points, expected[0])
    assert_array_equal(q6, expected[1])
    with pytest.raises(ValueError, match="read-only"):
        points[0] = 0
    del filler


def test_frame(frame, fluid, refuses):
    assert address(frame.points) == address(fluid.points)  # no copy on the way in
    assert frame.images is None and bool(frame)
    frame["image"] = np.ones((300, 3))
    assert frame.images.dtype == np.int32
    del frame["q6"]
    assert "q6" not in frame
    odd = bnsl.Frame(fluid.box, fluid.points, np.arange(300) % 3, types=["S", "X", "L"])
    assert_array_equal(odd.species[:3], [1, 2, 0])
    unnamed = bnsl.Frame(fluid.box, fluid.points, fluid.species, types=["A", "B"])
    assert_array_equal(unnamed.species, fluid.species)
    assert frame.configuration.step == 7 and frame.particles.N == 300 and frame.particles.charge is None
    assert_array_equal(frame.configuration.box, list(fluid.box))
    refuses(ValueError, "expected shape", bnsl.Frame, fluid.box, fluid.points[0])
    refuses(ValueError, "typeid", bnsl.Frame, fluid.box, fluid.points, [0])
    refuses(ValueError, "q: expected", frame.__setitem__, "q", [1.0])
    refuses(KeyError, "no array 'q7'", frame.__getitem__, "q7")
    refuses(KeyError, "positions", frame.__delitem__, "position")


def test_bad_frames_are_not_written(frame, tmp_path, refuses):
    with bnsl.Trajectory(tmp_path / "t.gsd", "w") as out:
        frame["a name"] = np.zeros(300)
        refuses(ValueError, "a name", out.append, frame)
        del frame["a name"]
        out.append(frame)
        refuses(ValueError, "", out.extend, [bnsl.Frame(frame.box, frame.points)])  # lacks a result of the first frame
        refuses(AttributeError, "particles", out.append, 7)
    assert len(bnsl.Trajectory(tmp_path / "t.gsd")) == 1


def test_frames_of_gsd_by_their_shape(frame):
    """An object like gsd.hoomd.Frame, so that this runs without gsd."""
    particles = SimpleNamespace(
        N=300,
        types=["L", "S"],
        typeid=frame.typeid.view(np.uint32),
        position=frame.points.astype(np.float32),
        velocity=None,
        mass=np.ones(300, np.float32),
    )
    theirs = SimpleNamespace(
        configuration=SimpleNamespace(step=3, box=np.array(list(frame.box), np.float32), dimensions=3),
        particles=particles,
        log={"particles/q6": frame["q6"], "kT": np.array([0.4]), "pressure": np.zeros(6)},
    )
    ours = bnsl.Frame.from_gsd(theirs)
    assert ours.step == 3 and ours.scalars == {"kT": 0.4} and set(ours) == {"position", "mass", "q6"}
    assert address(ours.typeid) == address(particles.typeid)
    assert bnsl.Frame.from_gsd(ours) is ours
    assert_array_equal(bnsl.classify(theirs), bnsl.classify(ours))


def test_gsd(frame, tmp_path):
    hoomd = pytest.importorskip("gsd.hoomd")
    with bnsl.Trajectory(tmp_path / "ours.gsd", "w") as out:
        out.append(frame)
    with hoomd.open(str(tmp_path / "ours.gsd")) as file:
        theirs = file[0]
        assert_array_equal(theirs.log["particles/q6"], frame["q6"])
        again = bnsl.Frame.from_gsd(theirs)
    assert_allclose(frame.box.minimum_image(again.points - frame.points), 0, atol=1e-6)
    with hoomd.open(str(tmp_path / "theirs.gsd"), "w") as file:
        file.append(frame.to_gsd())
    read = bnsl.Trajectory(tmp_path / "theirs.gsd")[0]
    assert read.step == 7 and read.types == ["L", "S"] and read.scalars["phi"] == 0.5
    assert_allclose(read["velocity"], frame["velocity"], rtol=1e-6)


def test_tables(tmp_path, refuses):
    values = np.random.default_rng(1).normal(size=(5, 3))
    values[2, 1] = np.nan
    file = tmp_path / "t.tsv"
    bnsl.write_table(file, values, "made by a test\nx\ty\tz")
    table = bnsl.read_table(str(file))
    assert_array_equal(table.values, values)
    assert table.header == "made by a test\nx\ty\tz" and not table.values.flags.writeable
    kept, expected = table.values, values.copy()
    del table
    gc.collect()
    assert_array_equal(kept, expected)
    refuses(FileExistsError, "t.tsv", bnsl.write_table, file, values)
    bnsl.write_table(file, values[:2], overwrite=True)
    assert len(bnsl.read_table(file).values) == 2
    refuses(ValueError, "expected shape", bnsl.write_table, tmp_path / "u.tsv", [1, 2])
    refuses(OSError, "nowhere", bnsl.write_table, tmp_path / "nowhere" / "u.tsv", [[1.0]])
    refuses(FileNotFoundError, "nothing", bnsl.read_table, tmp_path / "nothing")
    (tmp_path / "bad.txt").write_text("1 2\n3\n")
    refuses(ValueError, "line 2", bnsl.read_table, tmp_path / "bad.txt")


def test_curves(tmp_path, refuses):
    file = DATA / "saxs/PolySpheres.txt"
    curve = bnsl.read_curve(file, "nm")
    angstrom = bnsl.read_curve(file, "A")
    assert_allclose(angstrom.q, 10 * curve.q)
    assert len(curve) == len(curve.intensity) and curve.sigma_q is None and curve.n_skipped == 1
    assert not curve.q.flags.owndata
    refuses(ValueError, "unit is 'mm'", bnsl.read_curve, file, "mm")
    refuses(FileNotFoundError, "nothing", bnsl.read_curve, tmp_path / "nothing")
    (tmp_path / "bare.txt").write_text("0.1 2\n0.2 3\n")
    refuses(ValueError, "unit", bnsl.read_curve, tmp_path / "bare.txt")


def test_curves_in_other_formats(tmp_path, refuses):
    q = np.linspace(0.1, 1, 12)
    for name in ("curve.csv", "curve.xml"):
        bnsl.write_curve(tmp_path / name, q, 1 / q, 0.01 / q)
        if name == "curve.xml" and not "expat" in bnsl.library_info().features:
            continue
        curve = bnsl.read_curve(tmp_path / name, entry=0)
        assert_array_equal(curve.q, q)
        assert_array_equal(curve.sigma, 0.01 / q)
        assert curve.n_entries == 1 and curve.name == ""
        refuses(FileExistsError, name, bnsl.write_curve, tmp_path / name, q, q)
    refuses(ValueError, "expected shape", bnsl.write_curve, tmp_path / "x.dat", q, q[:3])
    refuses(ValueError, "no curve 3", bnsl.read_curve, tmp_path / "curve.csv", entry=3)


def test_series(tmp_path, refuses):
    time, q = np.array([0.0, 28.0, 56.0]), np.linspace(0.1, 1, 7)
    values = np.random.default_rng(1).uniform(1, 2, (3, 7))
    values[1, 2] = np.nan
    file = tmp_path / "series.tsv"
    bnsl.write_series(file, time, q, values)
    series = bnsl.read_series(file)
    assert_array_equal(series.intensity, values)
    assert_array_equal(series.time, time)
    assert_array_equal(series.q, q)
    assert len(series) == 3 and series.sigma is None and series.n_skipped == 0 and not series.intensity.flags.owndata
    bnsl.write_series(tmp_path / "errors.tsv", time, q, 0.1 * values)
    both = bnsl.read_series(file, tmp_path / "errors.tsv")
    assert_array_equal(both[2].sigma, 0.1 * values[2])
    assert_array_equal(both[2].intensity, values[2])
    refuses(FileExistsError, "series.tsv", bnsl.write_series, file, time, q, values)
    refuses(ValueError, "expected shape (3, 7)", bnsl.write_series, file, time, q, values.T)
    refuses(ValueError, "time", bnsl.write_series, file, time[::-1], q, values, overwrite=True)
    refuses(FileNotFoundError, "nothing", bnsl.read_series, tmp_path / "nothing")
    refuses(FileNotFoundError, "nothing", bnsl.read_series, file, tmp_path / "nothing")
    (tmp_path / "bare.txt").write_text("0.1 2\n0.2 3\n")
    refuses(ValueError, "bare.txt", bnsl.read_series, tmp_path / "bare.txt")
