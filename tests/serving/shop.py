"""A shop of one page, for tests of the server: its price is a row in a SQLite file."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from storegen.counters import Counters
from storegen.errors import SetupError
from storegen.publish.cachekey import KeyRules
from storegen.publish.site import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def set_price(store_dir: Path, price: int, *, bump: bool = True) -> None:
    """What a command line would do: commit, then say so. ``bump`` False is the negative control."""
    database = sqlite3.connect(store_dir / "shop.sqlite", isolation_level=None)
    try:
        database.execute("PRAGMA busy_timeout = 5000")
        database.execute("CREATE TABLE IF NOT EXISTS price (amount INTEGER)")
        database.execute("BEGIN IMMEDIATE")
        database.execute("DELETE FROM price")
        database.execute("INSERT INTO price VALUES (?)", (price,))
        database.execute("COMMIT")
    finally:
        database.close()
    if bump:
        counters = Counters(store_dir / "counters")
        counters.bump(["product:1"])
        counters.close()


def read_price(store_dir: Path) -> int:
    database = sqlite3.connect(store_dir / "shop.sqlite")
    try:
        (price,) = database.execute("SELECT amount FROM price").fetchone()
        return int(price)
    finally:
        database.close()


def site(store_dir: Path) -> Site:
    counters = Counters(store_dir / "counters")

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        headers = [("Content-Type", "text/html; charset=utf-8")]
        if path == "/p/1":
            headers.append(("X-Storegen-Cache", "product:1 listing"))
            body = f"price={read_price(store_dir)};" + "x" * 2000
        elif path == "/slow":
            (store_dir / "slow-began").touch()
            while not (store_dir / "slow-may-end").exists():
                time.sleep(0.02)
            body = "finished"
        elif path == "/pid":
            body = str(os.getpid())
        elif path == "/die":
            os._exit(3)
        else:
            body = "ok"
        start_response("200 OK", headers)
        return [body.encode()]

    return Site(
        app=app,
        counters_for=lambda environ: counters,
        rules=KeyRules(trusted_host=lambda host: host.startswith("127.0.0.1:")),
    )


def refusing_site(store_dir: Path) -> Site:
    raise SetupError("The cupboard is bare.", "Fill it.")
