# SPDX-License-Identifier: GPL-3.0-or-later
"""Long calls: progress, Ctrl-C, cancelling from another thread."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Callable

from . import _ffi, errors
from ._library import lib
from ._objects import Handle

__all__ = ["Control"]

Progress = "bool | Callable[[int, int], object] | None"


class Control:
    """Stops long calls from another thread: hand it to a call as control=, and call cancel().

    A call that is stopped raises Cancelled; its object stays valid. After that, reset() makes the control usable again."""

    def __init__(self) -> None:
        self._handle = Handle(_ffi.bnsl_control, lib.bnsl_control_create, destroy=lib.bnsl_control_destroy)

    def cancel(self) -> None:
        """Asks the running call to stop; from any thread."""
        lib.bnsl_control_cancel(self._handle)

    def reset(self) -> None:
        """Forgets an earlier cancel()."""
        lib.bnsl_control_reset(self._handle)

    @property
    def is_cancelled(self) -> bool:
        """True after cancel()."""
        return bool(lib.bnsl_control_is_cancelled(self._handle))


def reporter(progress: Any, description: str) -> tuple[Callable[[int, int], object] | None, Callable[[], object]]:
    """What to call with (done, total), and what to call at the end."""
    if progress is None or progress is False:
        return None, lambda: None
    if progress is not True:
        if not callable(progress):
            raise TypeError(f"progress is {progress!r}, must be True, False, None or a function of (done, total)")
        return progress, lambda: None
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _PlainBar(description).show, lambda: None
    bars: list[Any] = []

    def show(done: int, total: int) -> None:
        if not bars:
            bars.append(tqdm(desc=description, total=total))
        bars[0].update(done - bars[0].n)

    return show, lambda: [bar.close() for bar in bars]


class _PlainBar:
    """Percentages on standard error, where there is no tqdm."""

    def __init__(self, description: str):
        self.description, self.shown = description, -1

    def show(self, done: int, total: int) -> None:
        percent = 100 * done // total if total > 0 else 100
        if percent != self.shown:
            self.shown = percent
            end = "\n" if done >= total else ""
            print(f"\r{self.description}: {percent:3d} %", end=end, file=sys.stderr, flush=True)


@contextmanager
def running(progress: Any = None, control: Control | None = None, description: str = "bnsl") -> Iterator[Handle]:
    """A control for one call of the library, to be used as: with running(...) as control: lib.bnsl_x(..., control).

    Python sees a signal only when it runs, which a call into the library does not let it; so there is always a callback, ten times a second.
    An exception at the entry of a ctypes callback would be lost: in the main thread, Ctrl-C sets a flag during the call, and is raised
    at its end by the handler that was there before. An exception of the progress function stops the call and is raised likewise."""
    report, close = reporter(progress, description)
    control = control or Control()
    caught: list[BaseException] = []
    interrupts: list[tuple] = []
    stopped: errors.Cancelled | None = None

    @_ffi.bnsl_progress_fn
    def callback(user: Any, done: int, total: int) -> int:
        try:
            if report is not None and not interrupts and report(done, total) is False:
                return 1
        except BaseException as error:  # to be raised where the caller sees it
            caught.append(error)
            return 1
        return 1 if interrupts else 0

    before = signal.getsignal(signal.SIGINT) if threading.current_thread() is threading.main_thread() else None
    handled = callable(before)  # neither ignored nor left to the system
    if handled:
        signal.signal(signal.SIGINT, lambda *arguments: interrupts.append(arguments))
    try:
        lib.bnsl_control_set_progress(control._handle, callback, None)
        try:
            yield control._handle
        except errors.Cancelled as error:
            stopped = error
        finally:
            lib.bnsl_control_set_progress(control._handle, _ffi.bnsl_progress_fn(), None)
    finally:
        if handled:
            signal.signal(signal.SIGINT, before)
        close()
    if interrupts:
        before(*interrupts[0])  # type: ignore[operator,misc]
    if caught:
        raise caught[0]
    if stopped:
        raise stopped
