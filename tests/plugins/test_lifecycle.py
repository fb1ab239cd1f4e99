"""Enabling, upgrading, uninstalling, purging and coming back, on a shop with data: the core's and
the other plugins' migrations go on whatever happens to one plugin."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from click.testing import CliRunner, Result
from sqlalchemy import insert, inspect, select, text

from storegen import migrate
from storegen.archive.backup import backup
from storegen.archive.restore import restore
from storegen.cli import main
from storegen.errors import SetupError
from storegen.models import Customer, OutboxDelivery, Setting
from storegen.store import Store
from tests.plugins import own


def run(*arguments: object, code: int = 0, given: str = "") -> Result:
    done = CliRunner().invoke(main, [str(each) for each in arguments], input=given)
    assert done.exit_code == code, done.output + repr(done.exception)
    return done


@pytest.fixture
def shop(make_store: Callable[..., Store], backend: str) -> Store:
    """A shop with a customer, and with two plugins in its folder that it does not list yet."""
    store = make_store(backend)
    for name in ("stamps", "badges"):
        own.write(store.root, name)
    store.transact(
        lambda uow: uow.db.execute(insert(Customer).values(locale="en", created_at=uow.now))
    )
    return store


def fill(store: Store, *names: str) -> None:
    with store.write() as uow:
        customer = uow.db.scalar(select(Customer.id))
        for name in names:
            stamp = uow.db.execute(
                text(
                    f"INSERT INTO p_{name}__stamp (customer_id, count) VALUES (:c, 7) RETURNING id"
                ),
                {"c": customer},
            ).scalar_one()
            uow.db.execute(text(f"INSERT INTO p_{name}__card (stamp_id) VALUES (:s)"), {"s": stamp})


def tables(store: Store) -> set[str]:
    with store.engine.connect() as connection, connection.begin():
        return {
            name
            for name in migrate.tables_present(connection)
            if name.startswith(("p_", "alembic_version_"))
        }


def counts(store: Store, name: str) -> list[int]:
    with store.read() as uow:
        return list(uow.db.scalars(text(f"SELECT count FROM p_{name}__stamp")))


def rebuild_customers(store: Store) -> None:
    """What a later release of the core may do: make the table anew that plugins refer to."""
    with migrate.exclusive(store.engine) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("customer", recreate="auto") as batch:
            batch.add_column(sa.Column("tier", sa.String(20), nullable=False, server_default="x"))
            batch.alter_column("name", type_=sa.String(300), existing_type=sa.String(255))
        migrate.check_foreign_keys(connection)


@pytest.fixture
def make_empty_database(make_database: Callable[[str], str]) -> Callable[[str], str]:
    """The address of a database without tables, of either kind."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            return "sqlite:///shop.db"
        address = make_database(kind)
        engine = sa.create_engine(address)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()
        return address

    return make


OURS = {"alembic_version_stamps", "p_stamps__card", "p_stamps__stamp"}


def test_enabling_keeps_the_owners_layout_and_makes_the_tables(shop: Store) -> None:
    path = shop.root / "store.toml"
    path.write_text(
        path.read_text().replace(
            'plugins = ["pay_offline"]',
            'plugins = [\n  "pay_offline", # cash\n  # more to come\n]  # in this order',
        )
        + "\n# the end\n"
    )
    said = run("plugin", "enable", shop.root, "stamps").output
    assert "stamps:0001" in said
    assert "stamps is enabled. Restart" in said
    assert tables(shop) == OURS
    after = path.read_text()
    for kept in ('"pay_offline", # cash', "# more to come", "# in this order", "# the end"):
        assert kept in after
    with Store.open(shop.root) as store:
        assert store.config.plugins == ("pay_offline", "stamps")
        assert migrate.pending(store.engine, store.streams) == []
    assert "enabled already" in run("plugin", "enable", shop.root, "stamps").output
    run("plugin", "disable", shop.root, "stamps")
    assert "# cash" in path.read_text()
    assert '"stamps"' not in path.read_text()


def test_what_cannot_start_is_not_enabled(shop: Store) -> None:
    path = shop.root / "store.toml"
    before = path.read_text()
    (shop.root / "plugins" / "stamps" / "tables.py").write_text("raise RuntimeError('no')")
    done = run("plugin", "enable", shop.root, "stamps", code=2)
    assert "RuntimeError: no" in done.output
    assert path.read_text() == before
    done = run("plugin", "enable", shop.root, "stampz", code=2)
    assert "Did you mean `stamps`?" in done.output
    assert path.read_text() == before


def test_what_others_require_is_not_disabled(shop: Store) -> None:
    init = shop.root / "plugins" / "badges" / "__init__.py"
    init.write_text(init.read_text().replace("emits=", 'requires=("stamps",), emits='))
    assert "requires `stamps`" in run("plugin", "enable", shop.root, "badges", code=2).output
    run("plugin", "enable", shop.root, "stamps")
    run("plugin", "enable", shop.root, "badges")
    done = run("plugin", "disable", shop.root, "stamps", code=2)
    assert "Disable `badges` first" in done.output
    assert "not enabled" in run("plugin", "disable", shop.root, "nobody", code=2).output


def test_an_upgrade_is_seen_and_applied_to_the_data(shop: Store) -> None:
    for name in ("stamps", "badges"):
        run("plugin", "enable", shop.root, name)
    fill(shop, "stamps", "badges")
    own.write(shop.root, "stamps", release=2)
    done = run("audit", shop.root, code=2)
    assert "older than stamps" in done.output
    assert run("migrate", shop.root).output.strip() == "stamps:0002"
    with shop.read() as uow:
        assert uow.db.scalar(text("SELECT colour FROM p_stamps__stamp")) == "red"
        assert uow.db.scalar(text("SELECT COUNT(*) FROM p_stamps__card")) == 1
    # An older package over newer tables is refused with the reason, and harms nothing.
    own.write(shop.root, "stamps", release=1)
    done = run("migrate", shop.root, code=2)
    assert "revision 0002 of 'stamps'" in done.output
    assert "Upgrade stamps" in done.output


def test_the_core_rebuilds_a_table_that_plugins_refer_to(shop: Store) -> None:
    run("plugin", "enable", shop.root, "stamps")
    fill(shop, "stamps")
    rebuild_customers(shop)
    assert counts(shop, "stamps") == [7]
    with shop.write() as uow:  # and the reference still works
        uow.db.execute(text("DELETE FROM p_stamps__card"))
        uow.db.execute(text("DELETE FROM customer"))
    assert counts(shop, "stamps") == []


def test_after_an_uninstall_everything_else_migrates(shop: Store) -> None:
    for name in ("stamps", "badges"):
        run("plugin", "enable", shop.root, name)
    fill(shop, "stamps", "badges")
    run("plugin", "disable", shop.root, "stamps")
    shutil.rmtree(shop.root / "plugins" / "stamps")
    own.write(shop.root, "badges", release=2)
    rebuild_customers(shop)
    assert run("migrate", shop.root).output.strip() == "badges:0002"
    assert counts(shop, "stamps") == counts(shop, "badges") == [7]
    assert "Tables of `stamps` are kept" in run("plugins", shop.root).output
    # It comes back at the release that it was, or a newer one, and finds its data.
    own.write(shop.root, "stamps", release=2)
    assert "stamps:0002" in run("plugin", "enable", shop.root, "stamps").output
    assert counts(shop, "stamps") == [7]


@pytest.mark.parametrize("installed", [True, False])
def test_purge_exports_and_takes_everything(shop: Store, tmp_path: Path, installed: bool) -> None:
    for name in ("stamps", "badges"):
        run("plugin", "enable", shop.root, name)
    fill(shop, "stamps", "badges")
    with shop.write() as uow:
        for name in ("stamps", "badges"):
            uow.db.execute(
                insert(Setting).values(key=f"plugin.{name}", value={"a": 1}, updated_at=uow.now)
            )
    with Store.open(shop.root) as store, store.write() as uow:
        from storegen.domain import outbox

        outbox.emit(uow, "customer.registered", {"customer_id": 1})
    data = shop.root / "plugin-data" / "stamps"
    data.mkdir(parents=True)
    (data / "key.txt").write_text("k")
    archive = tmp_path / "stamps.zip"
    purge = ("plugin", "purge", shop.root, "stamps", "--export", archive)
    assert "is in use" in run(*purge, "--yes", code=2).output
    run("plugin", "disable", shop.root, "stamps")
    if not installed:
        shutil.rmtree(shop.root / "plugins" / "stamps")
    kept = run(*purge, given="n\n", code=1).output
    assert "p_stamps__stamp (1 rows)" in kept
    assert tables(shop) >= OURS
    run(*purge, given="y\n")
    assert tables(shop) & OURS == set()
    assert not data.exists()
    assert counts(shop, "badges") == [7]
    with shop.read() as uow:
        assert uow.db.scalars(select(Setting.key)).all() == ["plugin.badges"]
        assert uow.db.scalars(select(OutboxDelivery.listener)).all() == ["badges"]
    with zipfile.ZipFile(archive) as found:
        assert sorted(found.namelist()) == [
            "about.json", "files/key.txt", "p_stamps__card.jsonl", "p_stamps__stamp.jsonl",
        ]  # fmt: skip
        about = json.loads(found.read("about.json"))
        assert (about["revision"], about["settings"]) == ("0001", {"a": 1})
        (row,) = [json.loads(line) for line in found.read("p_stamps__stamp.jsonl").splitlines()]
        assert row["count"] == 7
    # The others go on, and it may come back, empty.
    rebuild_customers(shop)
    own.write(shop.root, "badges", release=2)
    own.write(shop.root, "stamps", release=2)
    assert run("migrate", shop.root).output.strip() == "badges:0002"
    run("plugin", "enable", shop.root, "stamps")
    assert counts(shop, "stamps") == []


def test_a_purge_that_cannot_write_its_export_takes_nothing(shop: Store, tmp_path: Path) -> None:
    run("plugin", "enable", shop.root, "stamps")
    fill(shop, "stamps")
    run("plugin", "disable", shop.root, "stamps")
    there = tmp_path / "there.zip"
    there.write_bytes(b"mine")
    purge = ("plugin", "purge", shop.root, "stamps", "--export", there, "--yes")
    assert "cannot be written: File exists" in run(*purge, code=2).output
    assert there.read_bytes() == b"mine"
    assert counts(shop, "stamps") == [7]


def test_what_others_refer_to_is_not_purged(shop: Store) -> None:
    for name in ("stamps", "badges"):
        run("plugin", "enable", shop.root, name)
        run("plugin", "disable", shop.root, name)
    with migrate.exclusive(shop.engine) as connection:
        connection.exec_driver_sql(
            "CREATE TABLE p_badges__link (stamp_id BIGINT REFERENCES p_stamps__stamp (id))"
        )
    done = run("plugin", "purge", shop.root, "stamps", "--yes", code=2)
    assert "Purge `badges` first" in done.output
    run("plugin", "purge", shop.root, "badges", "--yes")
    run("plugin", "purge", shop.root, "stamps", "--yes")
    assert tables(shop) == set()


def test_names_that_are_none_reach_no_statement(shop: Store) -> None:
    for name in ('x"; DROP TABLE orders; --', "a__b", "%", ""):
        assert (
            "no name of a plugin" in run("plugin", "purge", shop.root, name, "--yes", code=2).output
        )


def test_tables_without_a_revision_stop_with_the_way_out(shop: Store) -> None:
    for path in (shop.root / "plugins" / "stamps" / "migrations" / "versions").glob("*.py"):
        path.unlink()
    done = run("plugin", "enable", shop.root, "stamps", code=2)
    assert "no revision that makes them" in done.output


def test_an_author_has_the_revision_written(shop: Store) -> None:
    versions = shop.root / "plugins" / "stamps" / "migrations" / "versions"
    shutil.rmtree(versions)
    path = shop.root / "store.toml"
    path.write_text(path.read_text().replace('["pay_offline"]', '["pay_offline", "stamps"]'))
    run("plugin", "migration", shop.root, "stamps", "-m", "First tables")
    assert [each.name for each in versions.glob("*.py")] == ["0001_first_tables.py"]
    assert run("migrate", shop.root).output.strip() == "stamps:0001"
    fill(shop, "stamps")
    again = run("plugin", "migration", shop.root, "stamps", "-m", "Nothing")
    assert "Nothing to do" in again.output
    part = shop.root / "plugins" / "stamps" / "tables.py"
    part.write_text(part.read_text().replace("count: Mapped[int]", "count: Mapped[int | None]"))
    run("plugin", "migration", shop.root, "stamps", "-m", "Count may be missing")
    assert run("migrate", shop.root).output.strip() == "stamps:0002"
    assert counts(shop, "stamps") == [7]
    with shop.engine.connect() as connection, connection.begin():
        (column,) = [
            each
            for each in inspect(connection).get_columns("p_stamps__stamp")
            if each["name"] == "count"
        ]
    assert column["nullable"]


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_a_backup_brings_a_plugins_data_and_its_place_in_the_stream(
    shop: Store, tmp_path: Path, make_empty_database: Callable[[str], str], target: str
) -> None:
    run("plugin", "enable", shop.root, "stamps")
    fill(shop, "stamps")
    archive = tmp_path / "shop.tar"
    with Store.open(shop.root) as store:
        backup(store, archive)
    root = tmp_path / "restored"
    restore(archive, root, make_empty_database(target))
    with Store.open(root) as again:
        assert counts(again, "stamps") == [7]
        assert migrate.pending(again.engine, again.streams) == []
        assert [plugin.manifest.name for plugin in again.plugins.plugins][-1] == "stamps"


def test_a_backup_with_tables_of_a_plugin_that_is_gone(
    shop: Store, tmp_path: Path, make_empty_database: Callable[[str], str]
) -> None:
    run("plugin", "enable", shop.root, "stamps")
    fill(shop, "stamps")
    run("plugin", "disable", shop.root, "stamps")
    shutil.rmtree(shop.root / "plugins" / "stamps")
    archive = tmp_path / "shop.tar"
    with Store.open(shop.root) as store:
        backup(store, archive)
    root, address = tmp_path / "restored", make_empty_database("sqlite")
    if shop.engine.dialect.name == "postgresql":  # its dump does not say how the tables look
        with pytest.raises(SetupError, match="plugin `stamps`, which is not installed"):
            restore(archive, root, address)
        assert not root.exists()
        return
    restore(archive, root, address)
    with Store.open(root) as again:
        assert counts(again, "stamps") == [7]


def test_two_shops_in_one_database_have_tables_and_streams_of_their_own(
    make_store: Callable[..., Store], make_database: Callable[[str], str], tmp_path: Path
) -> None:
    address = make_database("postgresql")
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        for name in ("one", "two"):
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    engine.dispose()
    template = make_store()
    roots = []
    for name in ("one", "two"):
        root = tmp_path / name
        root.mkdir()
        mark = "&" if "?" in address else "?"
        lines = (template.root / "store.toml").read_text().splitlines()
        database = f"database = {json.dumps(f'{address}{mark}schema={name}')}"
        (root / "store.toml").write_text(
            "\n".join(database if line.startswith("database") else line for line in lines)
        )
        own.write(root)
        run("migrate", root)
        roots.append(root)
    one, two = roots
    run("plugin", "enable", one, "stamps")
    with Store.open(one) as first, Store.open(two) as second:
        assert tables(first) == OURS
        assert tables(second) == set()
        run("plugin", "enable", two, "stamps")
        own.write(two, release=2)
        assert run("migrate", two).output.strip() == "stamps:0002"
        assert run("migrate", one).output.startswith("Nothing to do")
        run("plugin", "disable", one, "stamps")
        run("plugin", "purge", one, "stamps", "--yes")
        assert tables(first) == set()
        assert tables(second) == OURS
