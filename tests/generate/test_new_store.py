"""`new_store`: a shop that can sell, or nothing at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, select, text

from storegen.config import read_config
from storegen.domain import opening, settings
from storegen.domain.audit import drifts
from storegen.domain.catalog.product_page import product_page
from storegen.domain.delivery import templates
from storegen.domain.freight import zone_for
from storegen.errors import SetupError
from storegen.generate.brief import Brief
from storegen.generate.catalog import write_catalog
from storegen.generate.new_store import Watching, new_store
from storegen.generate.presets import PRESETS
from storegen.models import Media, ProductImage, Staff, StaticPage, Translation
from storegen.store import Store
from storegen.values.catalog import CatalogImage, CatalogProduct
from storegen.values.shipping import Destination
from tests.generate.catalogs import cup, put_pictures, tea


@pytest.fixture
def empty_database(backend: str, request: pytest.FixtureRequest) -> str:
    """The address of a database without tables; "" for SQLite in the shop's folder."""
    if backend == "sqlite":
        return ""
    address: str = request.getfixturevalue("empty_postgresql")
    return address


@pytest.fixture
def empty_postgresql(postgresql_server: str) -> Iterator[str]:
    name = f"new_{uuid.uuid4().hex[:8]}"
    url = make_url(postgresql_server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    address = url.set(drivername="postgresql", database=name)
    yield address.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


only_postgresql = pytest.mark.parametrize("backend", ["postgresql"])


@pytest.fixture
def brief(tmp_path: Path, empty_database: str) -> Brief:
    return Brief(
        root=tmp_path / "deep" / "shop",
        name="Tea & <Co>",
        country="CN",
        currency="CNY",
        locales=("zh-Hans", "en"),
        catalogs=(catalog(tmp_path, tea(), cup(images=tuple(put_pictures(tmp_path, red="red")))),),
        database_url=empty_database,
    )


def catalog(folder: Path, *products: CatalogProduct) -> Path:
    path = folder / "catalog.jsonl"
    write_catalog(products, path, format="jsonl", currency="CNY")
    return path


def tables(address: str) -> list[str]:
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        found = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname NOT IN "
                 "('pg_catalog', 'information_schema')")
        ).all()  # fmt: skip
    engine.dispose()
    return list(found)


def test_a_shop_that_can_sell(brief: Brief) -> None:
    with brief.catalogs[0].open("a") as file:
        file.write('{"title": "No price", "variants": [{"sku": "x"}]}\n')
    report = new_store(brief)
    assert (report.products, report.variants, report.images, report.artwork) == (2, 3, 1, 1)
    assert [(each.row, each.column) for each in report.problems] == [
        (4, "variants[0].price"),
        (4, "variants"),
    ]
    config = read_config(brief.root)
    assert (config.mode, config.plugins) == ("demo", ("pay_sandbox", "pay_offline"))
    assert (brief.root / "store.toml").stat().st_mode & 0o077 == 0
    assert (brief.root / "requirements.txt").read_text().startswith("storegen==")
    assert "Tea & <Co>" in (brief.root / "README.md").read_text(encoding="utf-8")
    with Store.open(brief.root) as store, store.read() as uow:
        shop = settings.load(uow)
        assert opening.reasons_closed(uow, shop) == []
        assert shop.tax == settings.Tax(default_bp=1300, shipping_bp=1300)
        assert shop.brand.names == {"zh-Hans": "Tea & <Co>", "en": "Tea & <Co>"}
        assert set(shop.brand.icons) >= {"icon-192", "icon-512", "favicon-32", "touch-180"}
        assert all(store.media.exists(key) for key in shop.brand.icons.values())
        assert uow.db.scalar(select(Staff.permissions)) == ["*"]
        assert drifts(uow) == []
        (method,) = templates(uow)
        near = zone_for(method, Destination(country="CN", division="310101"))
        far = zone_for(method, Destination(country="CN", division="650100"))
        abroad = zone_for(method, Destination(country="US"))
        assert near is not None
        assert far is not None
        assert 0 < near.first_fee < far.first_fee
        assert abroad is None
        page = product_page(uow, "longjing", "en")
        assert page is not None
        assert len(page.pictures) == 1, "artwork where there is no picture"
        assert uow.db.scalar(select(Media.made_here).where(Media.sha256 == page.pictures[0].sha))


def test_drafts_are_complete_but_for_what_only_the_owner_knows(brief: Brief) -> None:
    new_store(replace(brief, catalogs=()))
    with Store.open(brief.root) as store, store.read() as uow:
        pages = uow.db.execute(select(StaticPage.kind, StaticPage.title, StaticPage.body)).all()
        bodies = [page.body for page in pages]
        bodies += uow.db.scalars(
            select(Translation.text).where(
                Translation.entity == "page", Translation.field == "body"
            )
        )
        assert {page.kind for page in pages} >= {"privacy", "terms", "returns", "contact"}
        assert len(bodies) == 2 * len(pages)
        for body in bodies:
            assert "{" not in body
            assert "<Co>" not in body
        missing = opening.missing(uow, settings.load(uow))
        assert {f"no-page-{kind}" for kind in opening.REQUIRED_PAGES} <= set(missing)
        uow_pages = {page.kind: page.body for page in pages}
        assert "中华人民共和国" in uow_pages["terms"]
        assert "7 日内" in uow_pages["returns"]


def test_pictures_that_cannot_be_had_are_named_and_cost_nothing_else(brief: Brief) -> None:
    images = (
        CatalogImage(source="http://127.0.0.1:1/inside.png"),
        CatalogImage(source="art/missing.png"),
        CatalogImage(source="../outside.png"),
        CatalogImage(source="art/text.png"),
        CatalogImage(source="art/red.png"),
    )
    folder = brief.catalogs[0].parent
    (folder / "art" / "text.png").write_text("<html>no picture</html>")
    path = catalog(folder, cup(images=images))
    report = new_store(replace(brief, catalogs=(path,)))
    assert {lost.source: lost.reason for lost in report.lost} == {
        "http://127.0.0.1:1/inside.png": "port",
        "art/missing.png": "missing",
        "../outside.png": "outside",
        "art/text.png": "not-a-picture",
    }
    assert (report.products, report.images, report.artwork) == (1, 1, 0)
    with Store.open(brief.root) as store, store.read() as uow:
        kept = uow.db.execute(
            select(ProductImage.source, ProductImage.media_id).order_by(ProductImage.position)
        ).all()
        assert [row.source for row in kept] == [image.source for image in images]
        assert [row.media_id is not None for row in kept] == [False] * 4 + [True]


def broken_catalog(brief: Brief) -> Brief:
    path = brief.catalogs[0]
    path.write_text('{"title": "No price", "variants": [{"sku": "x"}]}\n')
    return brief


def lost_plugin(brief: Brief) -> Brief:
    return replace(brief, plugins=("pay_nothing",))


def wrong_theme(brief: Brief) -> Brief:
    return replace(brief, theme="plush")


@pytest.mark.parametrize("spoil", [broken_catalog, lost_plugin, wrong_theme])
def test_a_refusal_leaves_nothing_behind(brief: Brief, spoil: Callable[[Brief], Brief]) -> None:
    with pytest.raises(SetupError):
        new_store(spoil(brief))
    assert not brief.root.parent.exists()
    if brief.database_url:
        assert tables(brief.database_url) == []


def test_an_interruption_leaves_nothing_behind(brief: Brief) -> None:
    def interrupt(done: int, total: int) -> None:
        assert done == total == 2
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        new_store(brief, watching=Watching(progress=interrupt))
    assert not brief.root.parent.exists()
    if brief.database_url:
        assert tables(brief.database_url) == []
    # What stops it half-way is really half-way: the same brief works afterwards.
    assert new_store(brief).products == 2


def test_what_was_there_stays(brief: Brief) -> None:
    brief.root.mkdir(parents=True)
    (brief.root / "mine.txt").write_text("mine")
    with pytest.raises(SetupError, match="not empty"):
        new_store(brief)
    assert [path.name for path in brief.root.iterdir()] == ["mine.txt"]
    (brief.root / "mine.txt").unlink()
    with pytest.raises(SetupError):
        new_store(broken_catalog(brief))
    assert list(brief.root.iterdir()) == [], "the empty folder itself was the owner's"


@only_postgresql
def test_a_database_that_holds_a_shop_is_left_alone(brief: Brief, tmp_path: Path) -> None:
    new_store(replace(brief, catalogs=()))
    before = sorted(tables(brief.database_url))
    with pytest.raises(SetupError, match="holds a shop already"):
        new_store(replace(brief, root=tmp_path / "second"))
    assert sorted(tables(brief.database_url)) == before != []


@only_postgresql
def test_two_shops_in_schemas_of_their_own(brief: Brief, tmp_path: Path) -> None:
    one = replace(brief, database_url=f"{brief.database_url}&schema=one", catalogs=())
    two = replace(one, root=tmp_path / "two", database_url=f"{brief.database_url}&schema=two")
    new_store(one)
    with pytest.raises(SetupError):
        new_store(broken_catalog(replace(two, catalogs=brief.catalogs)))
    with Store.open(one.root) as store, store.read() as uow:
        schemas = uow.db.scalars(text("SELECT schema_name FROM information_schema.schemata"))
        assert "two" not in set(schemas)
    new_store(two)
    with Store.open(two.root) as store, store.read() as uow:
        assert uow.db.scalar(select(Staff.login)) == "owner"


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize(("country", "currency"), [("CN", "CNY"), ("JP", "JPY"), ("US", "KWD")])
def test_every_trade_and_country_can_sell(
    tmp_path: Path, preset: str, country: str, currency: str
) -> None:
    from storegen.generate.freight_tables import standard
    from storegen.generate.presets import country as home
    from storegen.generate.presets import main_currency

    method = standard(PRESETS[preset], country, home(country), currency, main_currency(country))
    zone = zone_for(method, Destination(country=country, division="310101"))
    assert zone is not None
    assert zone.first_fee > 0
    assert zone.first > 0
    assert zone.extra > 0
    assert zone.free_over is None or zone.free_over > zone.first_fee
