"""Noticing that files of plugins and themes have changed, by looking at them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

KINDS = frozenset({".py", ".html", ".toml", ".json", ".po", ".css", ".js", ".svg"})
_LEFT_OUT = frozenset({"__pycache__", "node_modules", ".git", ".venv"})


class Watch:
    """``changed()`` says whether a file below ``roots`` (folders, or single files) is new, gone or
    different since it was last asked."""

    def __init__(self, roots: Iterable[Path]) -> None:
        self._roots = tuple(roots)
        self._seen = self._look()

    def changed(self) -> bool:
        present = self._look()
        different = present != self._seen
        self._seen = present
        return different

    def _look(self) -> dict[str, tuple[int, int]]:
        found = {}
        for path in self._files():
            try:
                stat = path.stat()
            except OSError:  # it has just gone
                continue
            found[str(path)] = (stat.st_mtime_ns, stat.st_size)
        return found

    def _files(self) -> Iterator[Path]:
        for root in self._roots:
            if root.is_file():
                yield root
                continue
            for folder, names, files in os.walk(root):
                names[:] = [name for name in names if name not in _LEFT_OUT]
                yield from (Path(folder, file) for file in files if Path(file).suffix in KINDS)
