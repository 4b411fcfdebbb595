# SPDX-License-Identifier: GPL-3.0-or-later
"""The number of threads that objects use when they are not told."""

from __future__ import annotations

import os

__all__ = ["get_num_threads", "set_num_threads"]

_num_threads = 1


def set_num_threads(n: int | None) -> None:
    """Threads of every later call without num_threads=; None or 0: all processors that this process may use. At first 1: results do not
    depend on it, and other threads of the process may need the processors. Raises ValueError: n < 0."""
    global _num_threads
    if n is None or n == 0:
        n = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if n < 0:
        raise ValueError(f"the number of threads is {n}, must be >= 0")
    _num_threads = int(n)


def get_num_threads() -> int:
    """Threads of calls without num_threads=."""
    return _num_threads


def threads(n: int | None) -> int:
    return _num_threads if n is None else n
