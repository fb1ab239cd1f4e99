"""A progress bar on standard error; plain lines where that is no terminal."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Self

import click
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

_EVERY = 5.0
"""Seconds between two lines of one step."""


class Progress:
    """``with Progress() as bar``: `step` says what begins, `products` how far it is."""

    def __init__(self, *, every: float = _EVERY) -> None:
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
        self._words, self._done, self._began = "Starting", "", time.monotonic()
        self._every, self._ended = every, threading.Event()
        self._lines = threading.Thread(target=self._beat, daemon=True)

    def step(self, name: str) -> None:
        self._bar.update(self._task, description=_STEPS.get(name, name), total=None, completed=0)
        self._begin(_STEPS.get(name, name))

    def products(self, done: int, total: int) -> None:
        self._bar.update(self._task, completed=done, total=total)
        self._done = f"{done} of {total}, "

    def part(self, name: str, done: int, total: int) -> None:
        """`step` and `products` in one, for work that says all of it each time."""
        words = _STEPS.get(name, name)
        self._bar.update(self._task, description=words, completed=done, total=total)
        if words != self._words:
            self._begin(words)
        self._done = f"{done} of {total}, "

    def _begin(self, words: str) -> None:
        self._words, self._done, self._began = words, "", time.monotonic()
        if self._bar.disable:
            click.echo(f"{words} ...", err=True)

    def _beat(self) -> None:
        """A line every few seconds: a batch of pictures takes longer than anybody waits in
        silence, so it is time that tells and not the work."""
        while not self._ended.wait(self._every):
            passed = time.monotonic() - self._began
            click.echo(f"  {self._words}: {self._done}{passed:.0f} s", err=True)

    def __enter__(self) -> Self:
        self._bar.start()
        if self._bar.disable:
            self._lines.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()
        self._ended.set()
        if self._bar.disable:
            self._lines.join()
