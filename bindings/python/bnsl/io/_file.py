# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths for the library, and its failures as FileNotFoundError or FileExistsError where that is what they are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .. import errors
from .._objects import path


@contextmanager
def named_file(file: Any, writing: bool = False) -> Iterator[bytes]:
    name = path(file)
    try:
        yield name
    except errors.FileError as error:
        if writing != os.path.exists(name):
            raise
        raise (errors.FileIsThere if writing else errors.FileMissing)(str(error)) from None
