"""Many pictures at once, in processes of their own.

A process can be killed, a thread cannot: a picture that crashes the decoder or never ends costs
its own result and nothing else. Pebble runs the processes, since the standard library's executor
gives up all of them when one dies.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from storegen.errors import PictureRefused
from storegen.media.local import read_picture
from storegen.media.pictures import process_picture, save_picture
from storegen.media.renditions import WIDTHS, PictureResult
from storegen.media.storage import MediaStore

# Enough to keep every worker busy, few enough that a hundred thousand pictures wait on the disk
# and not in memory.
_WAITING_PER_WORKER = 4


@dataclass(frozen=True, slots=True)
class PictureTask:
    """A picture on its way."""

    _future: ProcessFuture[PictureResult]

    def result(self) -> PictureResult:
        """Wait for it. Raises `PictureRefused`, also for too-slow and crashed."""
        try:
            return self._future.result()
        except FutureTimeout:
            raise PictureRefused("too-slow") from None
        except ProcessExpired:
            raise PictureRefused("crashed") from None


class PicturePool:
    """``with PicturePool(store) as pool: pool.submit(path).result()``.

    The workers write to ``store`` themselves, so only small results travel back. ``seconds`` is
    the deadline of each picture, counted from when a worker takes it up.
    """

    def __init__(
        self,
        store: MediaStore,
        *,
        workers: int | None = None,
        seconds: float = 30.0,
        formats: Sequence[str] = ("webp",),
        widths: Sequence[int] = WIDTHS,
    ) -> None:
        self.workers = workers or len(os.sched_getaffinity(0))
        self._arguments = (store, tuple(formats), tuple(widths))
        self._seconds = seconds
        self._room = BoundedSemaphore(self.workers * _WAITING_PER_WORKER)
        # Forking a process that has threads or open databases is not safe; the fork server is a
        # clean process that has imported the decoders once.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        self._pool = ProcessPool(max_workers=self.workers, context=context)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._pool.close()  # type: ignore[no-untyped-call]
        else:
            self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def submit(self, source: Path | bytes) -> PictureTask:
        """Hand over a file or its bytes; waits while too many are on their way already."""
        self._room.acquire()
        try:
            future = self._pool.schedule(
                _work, args=(source, *self._arguments), timeout=self._seconds
            )
        except BaseException:
            self._room.release()
            raise
        future.add_done_callback(lambda _: self._room.release())
        return PictureTask(future)

    def map(self, sources: Iterable[Path | bytes]) -> Iterator[PictureResult | PictureRefused]:
        """One outcome for each source, in their order, reading ``sources`` only as needed."""
        window: deque[PictureTask] = deque()
        for source in sources:
            if len(window) >= self.workers * _WAITING_PER_WORKER:
                yield _outcome(window.popleft())
            window.append(self.submit(source))
        while window:
            yield _outcome(window.popleft())


def _outcome(task: PictureTask) -> PictureResult | PictureRefused:
    try:
        return task.result()
    except PictureRefused as refusal:
        return refusal


def _work(
    source: Path | bytes, store: MediaStore, formats: Sequence[str], widths: Sequence[int]
) -> PictureResult:
    data = read_picture(source) if isinstance(source, Path) else source
    return save_picture(store, data, process_picture(data, formats=formats, widths=widths))
