"""Rows on disk, for files whose rows cannot be taken in the order they come in."""

from __future__ import annotations

import json
import tempfile
from array import array
from typing import Any


class RowSpool:
    """An append-only list of JSON values in an unnamed temporary file.

    Memory: 8 bytes a row. The file disappears with `close` or with the process.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - closed in close()
        self._offsets = array("q")
        self._end = 0

    def append(self, value: Any) -> None:
        line = json.dumps(value, separators=(",", ":")).encode() + b"\n"
        self._file.write(line)
        self._offsets.append(self._end)
        self._end += len(line)

    def __len__(self) -> int:
        return len(self._offsets)

    def __getitem__(self, index: int) -> Any:
        self._file.seek(self._offsets[index])
        return json.loads(self._file.readline())

    def close(self) -> None:
        self._file.close()
