"""What goes into an archive comes out of it, on the same kind of database or the other one."""

from __future__ import annotations

import json
import stat
import tarfile

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from storegen.archive.backup import backup
from storegen.archive.restore import restore
from storegen.cli import main
from storegen.domain.audit import drifts
from storegen.errors import SetupError
from storegen.store import Store
from tests.archive.shops import PICTURE, entries, fill, finds, rows
from tests.fixtures.databases import BACKENDS
from tests.fixtures.goods import make_guest, make_product, place_order


@pytest.fixture
def empty_database(make_database):
    """The address of a database without tables, of either kind."""
    from sqlalchemy import create_engine

    def make(kind):
        if kind == "sqlite":
            return "sqlite:///shop.db"
        address = make_database(kind)
        engine = create_engine(address)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()
        return address

    return make


@pytest.mark.parametrize("kind", BACKENDS)
def test_every_row_comes_back(store, kind, empty_database, tmp_path, clock):
    fill(store)
    archive = tmp_path / "shop.tar.gz"
    made = backup(store, archive)
    before = rows(store)
    assert {table.name: table.rows for table in made.tables if table.name in before} == {
        name: len(found) for name, found in before.items()
    }
    root = tmp_path / "copy"
    restored = restore(archive, root, empty_database(kind))
    with Store.open(root, clock=clock) as copy:
        assert copy.engine.dialect.name == kind
        assert rows(copy) == before
        for word in ("tea", "茶", "绿茶"):
            assert finds(copy, word) == finds(store, word) != []
        assert finds(copy, "coffee") == []
        with copy.read() as uow:
            assert drifts(uow) == []
        ended = make_guest(store).session_id
        assert make_guest(copy).session_id == ended, "an id must not be given twice"
        place_order(copy, (make_product(copy), 1))  # it sells
    assert restored.migrated == ()
    assert restored.rows["orders"] == 2
    assert f"media/{PICTURE}/w640.webp" in entries(root)


def test_what_is_in_the_archive_and_who_may_read_it(store, tmp_path):
    fill(store)
    archive = tmp_path / "shop.tar.gz"
    backup(store, archive)
    with tarfile.open(archive) as tar:
        names = tar.getnames()
    assert names[:2] == ["manifest.json", "store.toml"]
    assert {f"media/{PICTURE}/original.jpg", "secrets/pay.txt"} < set(names)
    assert not [name for name in names if name.startswith("var/") or ".tmp" in name]
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert [each for each in entries(tmp_path) if ".storegen" in each] == []
    root = tmp_path / "copy"
    restore(archive, root, "sqlite:///shop.db")
    assert stat.S_IMODE((root / "store.toml").stat().st_mode) == 0o600
    assert entries(root) == sorted(
        [
            "media", "media/ab", f"media/{PICTURE}", f"media/{PICTURE}/original.jpg",
            f"media/{PICTURE}/w640.webp", "secrets", "secrets/pay.txt", "shop.db", "store.toml",
        ]
    )  # fmt: skip


def test_a_copy_never_writes_over_the_first_shops_database(make_store, tmp_path):
    """Its store.toml names a file by its whole path; the copy gets one of its own."""
    store = make_store("sqlite")
    fill(store)
    backup(store, tmp_path / "a.tar.gz")
    restored = restore(tmp_path / "a.tar.gz", tmp_path / "copy")
    assert restored.database == f"sqlite:///{tmp_path}/copy/shop.db"
    with Store.open(tmp_path / "copy") as copy:
        place_order(copy, (make_product(copy), 1))
        assert len(rows(copy)["orders"]) == len(rows(store)["orders"]) + 1


def test_a_database_that_holds_a_shop_is_left_alone(make_store, tmp_path, make_database):
    store = make_store("postgresql")
    fill(store)
    before = rows(store)
    backup(store, tmp_path / "a.tar.gz")
    with pytest.raises(SetupError, match="holds a shop already"):
        restore(tmp_path / "a.tar.gz", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert rows(store) == before


def test_a_schema_of_its_own_is_found_again(make_store, tmp_path, make_database):
    store = make_store("sqlite")
    fill(store)
    backup(store, tmp_path / "a.tar.gz")
    address = f"{make_database('postgresql')}&schema=second"
    restore(tmp_path / "a.tar.gz", tmp_path / "copy", address)
    with Store.open(tmp_path / "copy") as copy:
        backup(copy, tmp_path / "b.tar.gz")
        assert rows(copy) == rows(store)
    restore(tmp_path / "b.tar.gz", tmp_path / "back", "sqlite:///shop.db")
    with Store.open(tmp_path / "back") as back:
        assert rows(back) == rows(store)


def test_the_commands(make_store, tmp_path, monkeypatch):
    store = make_store("sqlite")
    fill(store)
    run = CliRunner()
    folder = tmp_path / "backups"
    folder.mkdir()
    done = run.invoke(main, ["backup", str(store.root), str(folder), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["rows"]["orders"] == 2
    assert told["archive"].endswith(".tar.gz")
    done = run.invoke(main, ["restore", told["archive"], str(tmp_path / "copy"), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["sums"] == told["sums"]
    done = run.invoke(main, ["audit", str(tmp_path / "copy")])
    assert (done.exit_code, done.output) == (0, "no drift\n")
    for target in (
        told["archive"],
        tmp_path / "nowhere" / "a.tar.gz",
        store.root / "store.toml" / "x",
    ):
        refused = run.invoke(main, ["backup", str(store.root), str(target)])
        assert refused.exit_code == 2
        assert "storegen: " in refused.output
        assert "Traceback" not in refused.output
    full = run.invoke(main, ["restore", told["archive"], str(store.root)])
    assert "is not empty" in full.output
    missing = run.invoke(main, ["restore", str(tmp_path / "none.tar.gz"), str(tmp_path / "new")])
    assert "no such file" in missing.output
    assert not (tmp_path / "new").exists()


def test_a_disk_that_is_full_is_said_before(make_store, tmp_path, monkeypatch):
    import shutil

    store = make_store("sqlite")
    fill(store)
    backup(store, tmp_path / "a.tar.gz")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 0))
    with pytest.raises(SetupError, match="MiB"):
        backup(store, tmp_path / "b.tar.gz")
    with pytest.raises(SetupError, match="MiB"):
        restore(tmp_path / "a.tar.gz", tmp_path / "copy")
    assert not (tmp_path / "b.tar.gz").exists()
    assert not (tmp_path / "copy").exists()


def test_a_picture_that_changes_under_the_copy_spoils_no_archive(make_store, tmp_path):
    store = make_store("sqlite")
    fill(store)
    picture = store.root / "media" / PICTURE / "w640.webp"

    def meanwhile(what, done, total):
        if what == "files" and done == total:
            picture.write_bytes(b"other")

    with pytest.raises(SetupError, match="changed"):
        backup(store, tmp_path / "a.tar.gz", meanwhile)
    assert not (tmp_path / "a.tar.gz").exists()


def test_the_audit_sees_drift_that_was_backed_up(make_store, tmp_path):
    """A backup copies what is there; it does not judge it."""
    store = make_store("sqlite")
    fill(store)
    with store.write() as uow:
        uow.db.execute(text("UPDATE stock SET reserved = reserved + 1"))
    backup(store, tmp_path / "a.tar.gz")
    restore(tmp_path / "a.tar.gz", tmp_path / "copy")
    with Store.open(tmp_path / "copy") as copy, copy.read() as uow:
        assert {drift.kind for drift in drifts(uow)} == {"stock-reserved"}
