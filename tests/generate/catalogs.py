"""Catalogs for tests of the import, and their pictures."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PIL import Image

from storegen.domain import settings
from storegen.generate.catalog import write_catalog
from storegen.generate.importing import ImportOptions, import_catalogs
from storegen.generate.report import ImportReport
from storegen.media.artwork.palette import brand_palette
from storegen.store import Store
from storegen.values.actor import CLI
from storegen.values.catalog import (
    CatalogImage,
    CatalogOption,
    CatalogProduct,
    CatalogVariant,
)

OPTIONS = ImportOptions(palette=brand_palette("#2f6b4f"), pictures=False)


def tea(**changes: object) -> CatalogProduct:
    """A product with two variants, everything about it filled in."""
    made = CatalogProduct(
        handle="longjing",
        title="明前龙井",
        description="<p>豆香 &amp; 栗香</p>",
        vendor="雨山 Rainhill",
        product_type="绿茶",
        category="茶叶 > 绿茶",
        tags=("春茶", "送礼"),
        kind="variable",
        options=(CatalogOption(name="净含量", values=("50 g", "100 g")),),
        variants=(
            CatalogVariant(
                sku="LJ-50", option_values=("50 g",), price=12800, compare_at=14800, cost=5000,
                stock=40, weight=50_000, weight_unit="g", barcode="6900000000011",
            ),
            CatalogVariant(
                sku="LJ-100", option_values=("100 g",), price=23800, stock=None, backorder=True,
                taxable=False, tax_code="tea", extra={"Variant Fulfillment Service": "manual"},
            ),
        ),
        seo_title="明前龙井｜雨山",
        seo_description="老茶树",
        extra={"Google Shopping / MPN": "LJ"},
        translations={"en": {"title": "Longjing Green Tea", "description": "<p>Chestnut</p>"}},
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def cup(handle: str = "cup", **changes: object) -> CatalogProduct:
    """A product with one variant, whose SKU is the handle in capitals."""
    made = CatalogProduct(
        handle=handle,
        title="Porcelain Cup",
        category="茶具",
        tags=("送礼",),
        variants=(CatalogVariant(sku=handle.upper(), price=4500, stock=3),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def bring(store: Store, folder: Path, *products: CatalogProduct, **more: object) -> ImportReport:
    """Import products through a file, as the command line does."""
    path = folder / "catalog.jsonl"
    write_catalog(products, path, format="jsonl", currency=store.config.currency)
    options = replace(OPTIONS, **more)  # type: ignore[arg-type]
    return import_catalogs(store, CLI, [path], options)


def picture(colour: str, size: tuple[int, int] = (60, 40)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


def put_pictures(folder: Path, **colours: str) -> list[CatalogImage]:
    (folder / "art").mkdir(exist_ok=True)
    images = []
    for name, colour in colours.items():
        (folder / "art" / f"{name}.png").write_bytes(picture(colour))
        images.append(CatalogImage(source=f"art/{name}.png", alt=name))
    return images


def shop(store: Store) -> settings.Shop:
    return store.look(settings.load)


Make = Callable[..., Store]
