from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from storegen.errors import PictureRefused
from storegen.media import keys
from storegen.media.pool import PicturePool
from storegen.media.renditions import PictureResult
from storegen.media.storage import LocalMedia

from .make import encoded

GREY = "#808080"


def square(shade: int) -> bytes:
    return encoded(Image.new("RGB", (40, 40), (shade, shade, shade)), "PNG")


@dataclass(frozen=True)
class TrapMedia:
    """A store in the worker that dies, hangs or fails on a picture of one colour."""

    root: Path
    trap: str
    does: str

    def _spring(self, data: bytes) -> None:
        if keys.sha256(data) == self.trap:
            if self.does == "crash":
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(60)

    def put_original(self, data: bytes, mime: str) -> str:
        self._spring(data)
        return LocalMedia(self.root).put_original(data, mime)

    def put(self, key: str, data: bytes) -> str:
        return LocalMedia(self.root).put(key, data)

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(LocalMedia(self.root), name)


def test_results_come_in_order_and_lie_in_the_store(tmp_path: Path) -> None:
    store = LocalMedia(tmp_path / "media")
    shades = list(range(0, 240, 20))
    file = tmp_path / "file.png"
    file.write_bytes(square(250))
    with PicturePool(store, workers=2, widths=(20,)) as pool:
        outcomes = list(pool.map([*(square(shade) for shade in shades), file]))
    assert [each.colour for each in outcomes if isinstance(each, PictureResult)] == [
        f"#{shade:02x}{shade:02x}{shade:02x}" for shade in [*shades, 250]
    ]
    for each in outcomes:
        assert isinstance(each, PictureResult)
        assert store.exists(keys.key_of(each.sha256, "w20.webp"))
        assert store.exists(keys.original_key(each.sha256, "image/png"))


@pytest.mark.parametrize(("does", "reason"), [("crash", "crashed"), ("hang", "too-slow")])
def test_one_bad_picture_costs_only_itself(tmp_path: Path, does: str, reason: str) -> None:
    pictures = [square(shade) for shade in range(0, 200, 20)]
    store = TrapMedia(tmp_path, keys.sha256(pictures[3]), does)
    begun = time.monotonic()
    with PicturePool(store, workers=2, seconds=3, widths=(20,)) as pool:  # type: ignore[arg-type]
        outcomes = list(pool.map(pictures))
        assert isinstance(pool.submit(square(222)).result(), PictureResult)
    assert time.monotonic() - begun < 20
    refused = [(i, each.reason) for i, each in enumerate(outcomes) if not _good(each)]  # type: ignore[union-attr]
    assert refused == [(3, reason)]


def test_refusals_come_back_with_their_reason(tmp_path: Path) -> None:
    with PicturePool(LocalMedia(tmp_path), workers=1, widths=(20,)) as pool:
        outcomes = list(pool.map([b"<html>", tmp_path / "gone.jpg", square(9)]))
    assert [getattr(each, "reason", "") for each in outcomes] == ["not-a-picture", "missing", ""]


def test_the_sources_are_read_only_as_far_as_there_is_room(tmp_path: Path) -> None:
    taken = 0

    def sources() -> Iterator[bytes]:
        nonlocal taken
        for shade in range(40):
            taken += 1
            yield square(shade)

    with PicturePool(LocalMedia(tmp_path), workers=1, widths=(20,)) as pool:
        outcomes = pool.map(sources())
        next(outcomes)
        assert taken <= 6
        assert len(list(outcomes)) == 39


def test_an_error_of_the_caller_ends_the_pool_at_once(tmp_path: Path) -> None:
    store = TrapMedia(tmp_path, keys.sha256(square(1)), "hang")

    def interrupted() -> None:
        with PicturePool(store, workers=1) as pool:  # type: ignore[arg-type]
            pool.submit(square(1))
            raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - begun < 15


def _good(outcome: PictureResult | PictureRefused) -> bool:
    return isinstance(outcome, PictureResult)
