"""`new_store`: from a brief to a shop that can be served, or nothing at all."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from storegen.config import FILE
from storegen.domain import settings
from storegen.errors import SetupError
from storegen.generate import sample_brand, storefile
from storegen.generate.branding import draw_icons, store_pictures
from storegen.generate.brief import Brief, checked
from storegen.generate.catalog import open_catalog
from storegen.generate.database import prepare
from storegen.generate.folder import new_folder
from storegen.generate.importing import ImportOptions, Progress, import_catalogs
from storegen.generate.presets import country
from storegen.generate.report import ImportReport
from storegen.generate.shop_setup import set_up
from storegen.media.artwork.mark import mark
from storegen.media.artwork.palette import Palette, brand_palette
from storegen.media.fetch import FetchRules
from storegen.migrate import migrate
from storegen.plugins import new_settings
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import CLI


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """Who wants to know how it goes: ``step`` names what begins, ``progress`` counts products."""

    step: Callable[[str], None] = lambda name: None
    progress: Progress = lambda done, total: None


def new_store(
    brief: Brief, *, watching: Watching | None = None, fetch: FetchRules | None = None
) -> ImportReport:
    """Make the shop in ``brief.root``. Raises `SetupError` and leaves nothing behind, neither in
    the folder nor in the database; so does an interruption."""
    began = time.monotonic()
    watching = watching or Watching()
    if brief.sample:
        brief = sample_brand.sample_brief(brief)
    checked(brief)
    for path in brief.catalogs:  # before anything is made: most mistakes are here
        open_catalog(path, currency=brief.currency).close()
    palette = brand_palette(brief.colour or brief.name)
    with new_folder(brief.root) as undo:
        watching.step("database")
        write_files(brief)
        prepare(brief.database_url or storefile.DATABASE, brief.root, undo).dispose()
        with Store.open(brief.root) as store:
            migrate(store.engine, store.streams)  # a plugin that refuses its settings stops here
            _fill(store, brief, palette)
            report = _catalogs(store, brief, palette, watching, fetch)
            watching.step("brand")
            _dress(store, brief, palette)
            _seed(store, brief)
    report.seconds = time.monotonic() - began
    return report


def _seed(store: Store, brief: Brief) -> None:
    """Believable data of plugins in a sample shop, each plugin's in a transaction of its own."""
    if brief.sample:
        for plugin in store.plugins.implementing("seed"):
            store.transact(partial(_seed_one, plugin=plugin))


def _seed_one(uow: UnitOfWork, plugin: str) -> None:
    uow.store.plugins.ask_one(plugin, "seed", uow=uow)


def write_files(brief: Brief) -> None:
    """The files that the owner reads."""
    plugins = new_settings(brief.plugins, secrets.token_hex(16))
    toml = storefile.store_toml(brief, country(brief.country).timezone, plugins)
    config = brief.root / FILE
    config.touch(mode=0o600)  # it holds secrets
    config.write_text(toml, encoding="utf-8")
    (brief.root / "requirements.txt").write_text(storefile.requirements(), encoding="utf-8")
    (brief.root / "README.md").write_text(storefile.readme(brief), encoding="utf-8")
    (brief.root / ".gitignore").write_text("/var/\n/shop.db*\n/media/\n", encoding="utf-8")


def _fill(store: Store, brief: Brief, palette: Palette) -> None:
    store.transact(lambda uow: set_up(uow, brief, palette))
    if brief.sample:
        store.transact(lambda uow: sample_brand.apply_texts(uow, brief))


def _catalogs(
    store: Store,
    brief: Brief,
    palette: Palette,
    watching: Watching,
    fetch: FetchRules | None,
) -> ImportReport:
    if not brief.catalogs:
        return ImportReport()
    watching.step("products")
    options = ImportOptions(palette=palette, fetch=fetch)
    if brief.sample:
        latin, widths = sample_brand.latin_names(), sample_brand.WIDTHS
        options = replace(options, latin=latin, widths=widths)
    report = import_catalogs(store, CLI, brief.catalogs, options, progress=watching.progress)
    if not report.products:
        first = report.problems[0] if report.problems else None
        reason = f" Row {first.row}: {first.reason}." if first else ""
        raise SetupError(
            f"No product of {brief.catalogs[0]} can be read.{reason}", "Correct it and try again."
        )
    return report


def _dress(store: Store, brief: Brief, palette: Palette) -> None:
    icons = draw_icons(store, brief.name, palette)
    if brief.sample:
        pictures = sample_brand.apply_pictures(store)
        store.transact(sample_brand.apply_terms)
        store.transact(lambda uow: sample_brand.apply_home(uow, brief.theme, pictures))
        logos = {"logo": pictures["logo"], "logo_dark": pictures["logo-light"]}
        look = {**logos, "paper": sample_brand.sample_table()["brand"]["colours"]["paper"]}
        store.transact(lambda uow: settings.save(uow, CLI, "theme", look))
    else:
        pictures = store_pictures(store, {"logo-mark": mark(brief.name, palette)})
    brand = {"icons": icons, "logo": pictures.get("logo", pictures["logo-mark"])}
    store.transact(lambda uow: settings.save(uow, CLI, "brand", brand))
