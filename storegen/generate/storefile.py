"""The files of a shop that its owner reads: store.toml, requirements.txt, README.md."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Table

import storegen
from storegen.generate.brief import Brief

DATABASE = "sqlite:///shop.db"


def store_toml(brief: Brief, timezone: str, plugins: Mapping[str, Mapping[str, Any]]) -> str:
    """``store.toml`` with a comment for each choice; secrets are drawn here."""
    document = tomlkit.document()
    document.add(
        tomlkit.comment("What the host of this shop decides. What its owner edits (texts,")
    )
    document.add(tomlkit.comment("prices, delivery) is in the database: use the back office."))
    document.add(tomlkit.comment('Secrets may be "$env:NAME" or "$file:path" instead.'))
    document.add(tomlkit.nl())
    document.add("store", _store(brief, timezone))
    document.add("server", _server(brief))
    tables = tomlkit.table(is_super_table=True)
    for name in brief.plugins:
        values = tomlkit.table()
        for key, value in plugins.get(name, {}).items():
            values.add(key, value)
        if values:
            tables.add(name, values)
    if tables:
        document.add("plugin", tables)
    return tomlkit.dumps(document)


def _store(brief: Brief, timezone: str) -> Table:
    table = tomlkit.table()
    table.add("name", brief.name)
    table.add("database", brief.database_url or DATABASE)
    table["database"].comment("or postgresql://user:password@host/name?schema=shop")
    table.add("secret", secrets.token_hex(32))
    table["secret"].comment("keep it: signed links and codes depend on it")
    table.add("theme", brief.theme)
    table.add("locale", brief.locale)
    table["locale"].comment("the language of the catalog")
    table.add("locales", list(brief.locales))
    table["locales"].comment("take out those that the shop shall not speak")
    table.add("currency", brief.currency)
    table["currency"].comment("never change it: prices are stored in its smallest unit")
    table.add("country", brief.country)
    table.add("timezone", timezone)
    table.add("plugins", list(brief.plugins))
    return table


def _server(brief: Brief) -> Table:
    table = tomlkit.table()
    table.add("mode", brief.mode)
    table["mode"].comment("demo: for trying out; `storegen open` makes it live")
    table.add(tomlkit.comment('base_url = "https://shop.example"  # the public address'))
    table.add("hosts", tomlkit.array())
    table["hosts"].comment("further names that the shop answers to")
    table.add("trusted_proxies", 0)
    table["trusted_proxies"].comment("how many of your own proxies stand before it")
    table.add(
        tomlkit.comment("new_guests = 600  # sessions and carts one network begins in ten minutes")
    )
    return table


def requirements() -> str:
    """The release that this shop runs on; raise it by hand, then run `storegen migrate`."""
    return f"storegen=={storegen.__version__}\n"


def readme(brief: Brief) -> str:
    """The owner's README, in Chinese and English."""
    template = Path(__file__).with_name("owner_readme.txt").read_text(encoding="utf-8")
    return template.format(
        name=brief.name.replace("\n", " "),
        version=storegen.__version__,
        plugins=", ".join(brief.plugins) or "-",
        database="PostgreSQL" if brief.database_url.startswith("postgres") else "shop.db",
    )
