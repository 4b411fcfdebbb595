# SPDX-License-Identifier: GPL-3.0-or-later
"""Particles seen along z, as discs in the unit of the axes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

COLORS = np.array([[0.18, 0.36, 0.55], [0.85, 0.40, 0.17], [0.45, 0.45, 0.45]])  # L, S, others


def draw_particles(ax: Any, points: NDArray, species: NDArray, diameters: NDArray, corners: NDArray) -> None:
    """The nearest ones on top, paler the deeper they lie; corners: the outline of the cell, k x 2."""
    from matplotlib.collections import EllipseCollection

    order = np.argsort(points[:, 2], kind="stable")
    x = points[order]
    depth = (x[:, 2].max() - x[:, 2]) / (np.ptp(x[:, 2]) or 1.0) if len(x) else np.zeros(0)
    pale = 0.55 * depth[:, None]
    color = (1 - pale) * COLORS[np.minimum(species[order], 2)] + pale
    width = diameters[order]
    ax.add_collection(
        EllipseCollection(
            width,
            width,
            np.zeros(len(x)),
            units="xy",
            offsets=x[:, :2],
            transOffset=ax.transData,
            facecolors=color,
            edgecolors="white",
            linewidths=0.4,
        )
    )
    ax.plot(*np.vstack((corners, corners[:1])).T, color="0.4", lw=1)
    margin = 0.5 * width.max(initial=0.0)
    low, high = (f(np.vstack((x[:, :2], corners)), axis=0) for f in (np.min, np.max))
    ax.set(aspect="equal", xlabel="x", ylabel="y", xlim=(low[0] - margin, high[0] + margin), ylim=(low[1] - margin, high[1] + margin))
