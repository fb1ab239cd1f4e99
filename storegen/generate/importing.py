"""Catalog files into a store: streamed in batches, each one transaction with its pictures."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import select

from storegen.domain.catalog.finishing import finish_import
from storegen.domain.catalog.fitting import too_long
from storegen.domain.catalog.media_rows import record_media
from storegen.domain.catalog.missing_pictures import begin_anew
from storegen.domain.catalog.shelves import Shelves
from storegen.domain.catalog.writing import Incoming, Written, write_products
from storegen.generate.catalog import CatalogReader, open_catalog
from storegen.generate.picture_import import (
    ARTWORKS,
    BatchPictures,
    PictureImport,
    is_remote,
    sources_of,
)
from storegen.generate.report import ImportReport, LostPicture
from storegen.media.artwork.palette import Palette
from storegen.media.fetch import FetchRules
from storegen.media.fetch_many import FetchPool
from storegen.media.pool import PicturePool
from storegen.media.renditions import WIDTHS
from storegen.models import Product, ProductImage
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.catalog import CatalogProduct, RowProblem

BATCH = 500
Progress = Callable[[int, int], None]
"""Called with how many products are in, and how many there seem to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """``latin``: category title → the words of its address. ``fetch``: what fetching may do, and
    ``fetch_seconds`` how long all of it may take. ``pictures`` False leaves pictures alone."""

    palette: Palette
    latin: Mapping[str, str] | None = None
    fetch: FetchRules | None = None
    fetch_seconds: float = 120.0
    pictures: bool = True
    widths: tuple[int, ...] = WIDTHS


def import_catalogs(
    store: Store,
    actor: Actor,
    paths: Sequence[Path],
    options: ImportOptions,
    *,
    progress: Progress = lambda done, total: None,
) -> ImportReport:
    """Import catalog files, later ones over earlier ones where handles are the same.

    All files are opened before the first product is written, so one that cannot be read raises
    `UnreadableCatalog` and changes nothing. What is wrong with rows and pictures is reported.
    """
    began = time.monotonic()
    report = ImportReport()
    readers: list[CatalogReader] = []
    try:
        readers.extend(open_catalog(path, currency=store.config.currency) for path in paths)
        total = sum(reader.count_hint for reader in readers)
        with (
            FetchPool(options.fetch, budget=options.fetch_seconds) as fetch,
            PicturePool(store.media, widths=options.widths) as pool,
        ):
            run = _Run(store, actor, options, report, PictureImport(store, pool, fetch))
            for reader in readers:
                report.formats.append(reader.format)
                for batch in _batches(reader, report):
                    run.write(batch, reader.path.parent)
                    progress(report.products, max(total, report.products))
    finally:
        for reader in readers:
            reader.close()
    store.transact(finish_import)
    if report.lost_pictures:
        store.transact(begin_anew)
    report.seconds = time.monotonic() - began
    return report


def _batches(reader: CatalogReader, report: ImportReport) -> Iterator[list[CatalogProduct]]:
    def products() -> Iterator[CatalogProduct]:
        for item in reader:
            if isinstance(item, RowProblem):
                report.skip(item)
                continue
            for field, most in too_long(item):
                report.skip(
                    RowProblem(
                        file=reader.path.name,
                        row=0,
                        column=field,
                        reason=f"longer than {most} characters, the rest was left out",
                        value=item.handle[:80],
                    )
                )
            yield item

    rest = products()
    while batch := list(islice(rest, BATCH)):
        yield batch


class _Run:
    """One import on its way."""

    def __init__(
        self,
        store: Store,
        actor: Actor,
        options: ImportOptions,
        report: ImportReport,
        pictures: PictureImport,
    ) -> None:
        self._store, self._actor, self._options = store, actor, options
        self._report, self._pictures = report, pictures

    def write(self, products: list[CatalogProduct], folder: Path) -> None:
        before = self._store.look(lambda uow: _before(uow, [each.handle for each in products]))
        found = BatchPictures()
        art = BatchPictures()
        seeds: dict[str, str] = {}
        if self._options.pictures:
            # What is in the shop already is not fetched again.
            wanted = (each for each in sources_of(products) if each not in before.remote)
            found = self._pictures.resolve(wanted, folder)
            seeds = self._without(products, found, before)
            art = self._pictures.drawn(list(seeds.values()), self._options.palette)

        def work(uow: UnitOfWork) -> Written:
            ids = {**found.known, **record_media(uow, found.made)}
            drawn = {**art.known, **record_media(uow, art.made)}
            media = {source: ids[sha] for source, sha in found.hashes.items()}
            media = {**before.remote, **media}
            incoming = []
            for each in products:
                seed = seeds.get(each.handle)
                had = before.by_handle.get(each.handle, {})
                incoming.append(
                    Incoming(
                        product=each,
                        media={**had, **_own(each, media)},
                        artwork=drawn.get(art.hashes[seed]) if seed else None,
                    )
                )
            shelves = Shelves(uow, self._options.latin)
            return write_products(uow, self._actor, incoming, shelves)

        written = self._store.transact(work)
        self._count(products, written, found, len(seeds))

    def _without(
        self, products: Sequence[CatalogProduct], found: BatchPictures, before: _Before
    ) -> dict[str, str]:
        """Handle → seed of the artwork, for products that have no picture at all."""
        seeds: dict[str, str] = {}
        for each in products:
            had = before.by_handle.get(each.handle, {})
            has = any(
                each_image.source in pictures
                for each_image in each.images
                for pictures in (found.hashes, before.remote, had)
            )
            if has or each.handle in before.covered:
                continue
            number = self._report.artwork + len(seeds)
            if number >= ARTWORKS:
                number = zlib.crc32(each.handle.encode()) % ARTWORKS
            seeds[each.handle] = f"artwork-{number}"
        return seeds

    def _count(
        self,
        products: Sequence[CatalogProduct],
        written: Written,
        found: BatchPictures,
        artwork: int,
    ) -> None:
        report = self._report
        report.products += len(products)
        report.new += written.new
        report.variants += written.variants
        report.artwork += artwork
        for each in products:
            for source in dict.fromkeys(sources_of([each])):
                if source in found.failed:
                    report.lose(
                        LostPicture(product=each.handle, source=source, reason=found.failed[source])
                    )
                elif source:
                    report.images += 1


@dataclass(frozen=True, slots=True)
class _Before:
    """What products of a batch had: pictures by handle and source, and who has a cover."""

    by_handle: dict[str, dict[str, int]]
    covered: set[str]
    remote: dict[str, int]


def _before(uow: UnitOfWork, handles: Sequence[str]) -> _Before:
    rows = uow.db.execute(
        select(Product.handle, ProductImage.source, ProductImage.media_id)
        .join(ProductImage, ProductImage.product_id == Product.id)
        .where(
            Product.handle.in_(handles),
            ProductImage.media_id.is_not(None),
            ProductImage.source != "",
        )
    )
    pictures: dict[str, dict[str, int]] = {}
    for handle, source, media_id in rows:
        if media_id is not None:
            pictures.setdefault(handle, {})[source] = media_id
    covered = uow.db.scalars(
        select(Product.handle).where(Product.handle.in_(handles), Product.cover_id.is_not(None))
    )
    remote = {
        source: media_id
        for found in pictures.values()
        for source, media_id in found.items()
        if is_remote(source)
    }
    return _Before(pictures, set(covered), remote)


def _own(product: CatalogProduct, media: Mapping[str, int]) -> dict[str, int]:
    return {source: media[source] for source in sources_of([product]) if source in media}
