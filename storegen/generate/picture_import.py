"""The pictures of a batch of products: found or fetched, processed in parallel, known ones not
again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from storegen.domain.catalog.media_rows import NewMedia, find_media
from storegen.errors import PictureRefused
from storegen.media import keys
from storegen.media.artwork.draw import draw
from storegen.media.artwork.palette import Palette
from storegen.media.fetch_many import FetchPool
from storegen.media.local import local_picture, read_picture
from storegen.media.pool import PicturePool, PictureTask
from storegen.store import Store
from storegen.values.catalog import CatalogProduct

ARTWORKS = 24
"""Different drawn pictures in a shop; a hundred thousand products without one share them."""
_FETCHED_AT_ONCE = 8  # each may hold 20 MB


@dataclass(slots=True)
class BatchPictures:
    """What came of the pictures of a batch.

    ``hashes``: source → SHA-256 of the original. ``known``: SHA-256 → media id of those that are
    recorded. ``made``: those to be recorded, by SHA-256. ``failed``: source → reason.
    """

    hashes: dict[str, str] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    made: dict[str, NewMedia] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


class PictureImport:
    """Gets the pictures of one import. Nothing that is wrong with one raises."""

    def __init__(self, store: Store, pool: PicturePool, fetch: FetchPool) -> None:
        self._store, self._pool, self._fetch = store, pool, fetch
        # Digests instead of addresses: half of the memory for a large catalog.
        self._seen: dict[bytes, str] = {}
        self._failed: dict[bytes, str] = {}
        self._drawn: dict[str, str] = {}

    def resolve(self, sources: Iterable[str], folder: Path) -> BatchPictures:
        """The pictures that ``sources`` name, relative to ``folder`` or as http(s) addresses."""
        batch = BatchPictures()
        new: list[str] = []
        for source in dict.fromkeys(source for source in sources if source):
            digest = _digest(source, folder)
            if digest in self._seen:
                batch.hashes[source] = self._seen[digest]
            elif digest in self._failed:
                batch.failed[source] = self._failed[digest]
            else:
                new.append(source)
        tasks: dict[str, tuple[PictureTask, int, str]] = {}
        self._find(batch, set(batch.hashes.values()))
        self._local(batch, tasks, [source for source in new if not is_remote(source)], folder)
        self._remote(batch, tasks, [source for source in new if is_remote(source)])
        refused = self._finish(batch, tasks)
        for source in new:
            sha = batch.hashes.get(source)
            if sha in refused:
                del batch.hashes[source]
                batch.failed[source] = refused[sha]
            digest = _digest(source, folder)
            if source in batch.failed:
                self._failed[digest] = batch.failed[source]
            else:
                self._seen[digest] = batch.hashes[source]
        return batch

    def drawn(self, seeds: Sequence[str], palette: Palette) -> BatchPictures:
        """Artwork for ``seeds``; ``hashes`` is by seed."""
        batch = BatchPictures()
        tasks: dict[str, tuple[PictureTask, int, str]] = {}
        for seed in dict.fromkeys(seeds):
            if seed in self._drawn:
                batch.hashes[seed] = self._drawn[seed]
                continue
            data = draw(seed, palette)
            batch.hashes[seed] = self._drawn[seed] = keys.sha256(data)
            self._submit(batch, tasks, batch.hashes[seed], data, len(data), "")
        self._find(batch, set(batch.hashes.values()) - tasks.keys())
        self._finish(batch, tasks, made_here=True)
        return batch

    def _local(
        self,
        batch: BatchPictures,
        tasks: dict[str, tuple[PictureTask, int, str]],
        sources: Sequence[str],
        folder: Path,
    ) -> None:
        found: dict[str, tuple[Path, str, int]] = {}
        for source in sources:
            try:
                path = local_picture(folder, source)
                data = read_picture(path)
            except PictureRefused as refusal:
                batch.failed[source] = refusal.reason
                continue
            found[source] = path, keys.sha256(data), len(data)
        self._find(batch, {sha for _, sha, _ in found.values()})
        for source, (path, sha, size) in found.items():
            batch.hashes[source] = sha
            self._submit(batch, tasks, sha, path, size, path.name)

    def _remote(
        self,
        batch: BatchPictures,
        tasks: dict[str, tuple[PictureTask, int, str]],
        sources: Sequence[str],
    ) -> None:
        rest = iter(sources)
        while some := list(islice(rest, _FETCHED_AT_ONCE)):
            fetched = list(zip(some, self._fetch.map(map(address, some)), strict=True))
            hashes = {source: keys.sha256(each.data) for source, each in fetched if each.data}
            self._find(batch, set(hashes.values()))
            for source, each in fetched:
                if each.failure is not None:
                    batch.failed[source] = each.failure.reason
                else:
                    batch.hashes[source] = hashes[source]
                    name = PurePosixPath(unquote(urlsplit(each.url).path)).name
                    self._submit(batch, tasks, hashes[source], each.data, len(each.data), name)

    def _find(self, batch: BatchPictures, hashes: set[str]) -> None:
        wanted = hashes - batch.known.keys()
        if wanted:
            batch.known.update(self._store.look(lambda uow: find_media(uow, wanted)))

    def _submit(
        self,
        batch: BatchPictures,
        tasks: dict[str, tuple[PictureTask, int, str]],
        sha: str,
        data: Path | bytes,
        size: int,
        name: str,
    ) -> None:
        if sha not in tasks and sha not in batch.known:
            tasks[sha] = self._pool.submit(data), size, name

    def _finish(
        self,
        batch: BatchPictures,
        tasks: Mapping[str, tuple[PictureTask, int, str]],
        *,
        made_here: bool = False,
    ) -> dict[str, str]:
        """Wait for the processes; SHA-256 → reason of the refused ones."""
        refused: dict[str, str] = {}
        for sha, (task, size, name) in tasks.items():
            try:
                result = task.result()
            except PictureRefused as refusal:
                refused[sha] = refusal.reason
                continue
            batch.made[sha] = NewMedia(result=result, size=size, name=name, made_here=made_here)
        return refused


def sources_of(products: Iterable[CatalogProduct]) -> Iterator[str]:
    """Every picture that the products and their variants name."""
    for product in products:
        for image in product.images:
            yield image.source
        for variant in product.variants:
            yield variant.image


def is_remote(source: str) -> bool:
    return source.strip().lower().startswith(("http://", "https://", "//"))


def address(source: str) -> str:
    """A remote source as an address: ``//cdn.example/a.jpg`` means https."""
    source = source.strip()
    return f"https:{source}" if source.startswith("//") else source


def _digest(source: str, folder: Path) -> bytes:
    where = "" if is_remote(source) else str(folder)
    return hashlib.blake2b(f"{where}\0{source}".encode(), digest_size=16).digest()
