"""A progress bar on standard error; nothing at all where that is no terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

_STEPS = {
    "database": "Making the database",
    "products": "Products and pictures",
    "brand": "Mark, icons and pages",
    "files": "Files",
    "archive": "Archive",
}


class Progress:
    """``with Progress() as bar``: `step` says what begins, `products` how far it is."""

    def __init__(self) -> None:
        self._bar = Bar(
            TextColumn("{task.description:<24}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(file=sys.stderr),
            disable=not sys.stderr.isatty(),
            transient=True,
        )
        self._task = self._bar.add_task("Starting", total=None)

    def step(self, name: str) -> None:
        self._bar.update(self._task, description=_STEPS.get(name, name), total=None, completed=0)

    def products(self, done: int, total: int) -> None:
        self._bar.update(self._task, completed=done, total=total)

    def part(self, name: str, done: int, total: int) -> None:
        """`step` and `products` in one, for work that says all of it each time."""
        words = _STEPS.get(name, name)
        self._bar.update(self._task, description=words, completed=done, total=total)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()
