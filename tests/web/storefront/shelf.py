"""A small shop with something of everything, and how its public pages are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.test import TestResponse

from storegen.domain import settings
from storegen.domain.catalog.finishing import finish_import
from storegen.domain.catalog.media_rows import NewMedia, record_media
from storegen.domain.catalog.shelves import Shelves
from storegen.domain.catalog.writing import Incoming, write_products
from storegen.media.renditions import PictureResult, Rendition
from storegen.models import StaticPage, random_id
from storegen.store import Store
from storegen.values.actor import CLI
from storegen.values.catalog import CatalogImage, CatalogOption, CatalogProduct, CatalogVariant
from storegen.web.app import create_app

HOST = "http://shop.test"


def picture(number: int) -> PictureResult:
    """What would have been made of a picture; its files are not there."""
    renditions = [
        Rendition(name=f"w{width}.webp", format="webp", width=width, height=width, size=9)
        for width in (320, 640)
    ]
    renditions.append(Rendition(name="og.jpg", format="jpeg", width=1200, height=630, size=9))
    return PictureResult(
        sha256=f"{number:064x}",
        mime="image/jpeg",
        width=640,
        height=640,
        colour="#88aa77",
        renditions=tuple(renditions),
    )


def put(store: Store, products: Sequence[CatalogProduct]) -> tuple[int, ...]:
    """Write products as an import does; their pictures are numbers."""
    with store.write() as uow:
        numbers = sorted({int(one.source) for each in products for one in each.images})
        results = {number: picture(number) for number in numbers}
        media = record_media(
            uow, {one.sha256: NewMedia(result=one, size=9) for one in results.values()}
        )
        incoming = [
            Incoming(
                product=each,
                media={one.source: media[results[int(one.source)].sha256] for one in each.images},
            )
            for each in products
        ]
        written = write_products(uow, CLI, incoming, Shelves(uow))
        finish_import(uow)
    return written.ids


def tea(handle: str, title: str, price: int, **more: Any) -> CatalogProduct:
    """A product with one variant, on the shelf 茶叶 > 绿茶 unless ``more`` says otherwise."""
    variant = CatalogVariant(
        sku=f"SKU-{handle}",
        price=price,
        compare_at=more.pop("compare_at", None),
        stock=more.pop("stock", 20),
        barcode=more.pop("barcode", ""),
    )
    values: dict[str, Any] = {
        "category": "茶叶 > 绿茶",
        "product_type": "绿茶",
        "vendor": "雨山",
        "variants": (variant,),
        "images": (CatalogImage(source="1", alt="茶"),),
    }
    return CatalogProduct(handle=handle, title=title, **{**values, **more})


def gaiwan() -> CatalogProduct:
    """Two options; one combination is sold out, one does not exist."""
    made = [("White", "S", 5), ("White", "L", 0), ("Black", "S", 2)]
    return CatalogProduct(
        handle="gaiwan",
        title="远山盖碗",
        description="<p>盖碗 <strong>140 ml</strong></p>",
        category="茶具",
        tags=("手工",),
        kind="variable",
        options=(
            CatalogOption(name="Glaze", values=("White", "Black")),
            CatalogOption(name="Size", values=("S", "L")),
        ),
        images=(CatalogImage(source="2"), CatalogImage(source="3")),
        variants=tuple(
            CatalogVariant(
                sku=f"G-{glaze}-{size}",
                option_values=(glaze, size),
                price=16800 if size == "S" else 19800,
                compare_at=18800 if glaze == "Black" else None,
                stock=stock,
                image="3" if glaze == "Black" else "2",
            )
            for glaze, size, stock in made
        ),
        translations={"en": {"title": "Distant Hills Gaiwan", "description": "<p>A gaiwan</p>"}},
    )


CATALOG = (
    tea("maofeng", "雨山毛峰", 5800, tags=("春茶", "新茶"), barcode="4006381333931",
        translations={"en": {"title": "Rainhill Maofeng Green Tea"}}),
    tea("longjing", "明前龙井", 12800, tags=("春茶",), compare_at=14800,
        translations={"en": {"title": "Pre-Qingming Longjing"}}),
    tea("keemun", "祁门红茶", 6800, category="茶叶 > 红茶", product_type="红茶", stock=0),
    gaiwan(),
    tea("frog", "听雨蛙茶宠", 7900, category="茶具", product_type="茶宠", stock=1, tags=("手工",)),
)  # fmt: skip


def fill(store: Store) -> None:
    put(store, CATALOG)
    with store.write() as uow:
        settings.save(uow, CLI, "words", {"en": {"春茶": "Spring picking", "绿茶": "Green tea"}})
        settings.save(
            uow,
            CLI,
            "brand",
            {"names": {"zh-Hans": "雨山", "en": "Rainhill"}, "email": "a@b.example"},
        )
        uow.db.execute(
            insert(StaticPage).values(
                public_id=random_id(),
                slug="returns",
                kind="returns",
                title="退货",
                body="<p>七天</p>",
                updated_at=uow.now,
            )
        )
        uow.touch("shell", "listing")


def client_of(store: Store) -> FlaskClient:
    app: Flask = create_app(store)
    return app.test_client()


def get(client: FlaskClient, path: str, **more: Any) -> TestResponse:
    return client.get(path, base_url=HOST, **more)


__all__ = ["CATALOG", "HOST", "client_of", "fill", "get", "put", "tea"]
