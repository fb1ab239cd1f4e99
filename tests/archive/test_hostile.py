"""Archives that were made to do harm, or that came to harm: refused, and nothing is left."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sqlite3
import tarfile

import pytest

from storegen.archive.backup import backup
from storegen.archive.restore import restore
from storegen.errors import ArchiveRefused, SetupError
from storegen.migrate import SchemaTooNew
from tests.archive.shops import entries, fill


@pytest.fixture(scope="module")
def members(tmp_path_factory, sqlite_template):
    """A good archive as a list of (TarInfo, content), to be spoiled."""
    import shutil

    from storegen.store import Store
    from tests.fixtures.stores import STORE_TOML, TestClock

    folder = tmp_path_factory.mktemp("good")
    root = folder / "shop"
    root.mkdir()
    shutil.copyfile(sqlite_template, root / "shop.db")
    (root / "store.toml").write_text(
        STORE_TOML.format(
            database='"sqlite:///shop.db"', currency="CNY", country="CN", locale="zh-Hans",
            mode="demo", plugins="[]",
        )
    )  # fmt: skip
    with Store.open(root, clock=TestClock()) as store:
        fill(store)
        backup(store, folder / "good.tar.gz")
    with tarfile.open(folder / "good.tar.gz") as tar:
        return [(info, tar.extractfile(info).read()) for info in tar]


def packed(members):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content) if info.isreg() else None)
    return gzip.compress(raw.getvalue(), 1)


def file(name, content=b"x", **fields):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in fields.items():
        setattr(info, key, value)
    return info, content


def announced(members, name, content=b"x"):
    """The archive with one file more, which the manifest knows."""
    manifest = json.loads(members[0][1])
    digest = hashlib.sha256(content).hexdigest()
    manifest["files"].append({"name": name, "size": len(content), "sha256": digest})
    return [file("manifest.json", json.dumps(manifest).encode()), *members[1:], file(name, content)]


def changed(members, **values):
    manifest = {**json.loads(members[0][1]), **values}
    return [file("manifest.json", json.dumps(manifest).encode()), *members[1:]]


def replaced(members, name, content):
    """Another content under a manifest that agrees with it."""
    manifest = json.loads(members[0][1])
    for each in manifest["files"]:
        if each["name"] == name:
            each.update(size=len(content), sha256=hashlib.sha256(content).hexdigest())
    rest = [file(name, content) if info.name == name else (info, old) for info, old in members[1:]]
    return [file("manifest.json", json.dumps(manifest).encode()), *rest]


def spoiled_database(members, tmp_path, *statements):
    path = tmp_path / "spoiled.db"
    path.write_bytes(dict((info.name, old) for info, old in members)["database/shop.db"])
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return replaced(members, "database/shop.db", path.read_bytes())


def swapped(members, name, info):
    return [(info, b"") if each.name == name else (each, old) for each, old in members]


def bomb(members):
    """A few kilobytes that announce a little and unpack to a lot."""
    info, _ = file("store.toml", b"\0" * 50_000_000)
    return [members[0], (info, b"\0" * 50_000_000), *members[2:]]


LINK = {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}
HARD = {"type": tarfile.LNKTYPE, "linkname": "shop.db"}
DEVICE = {"type": tarfile.CHRTYPE, "devmajor": 1, "devminor": 5}

HOSTILE = {
    "parent folder": lambda m: announced(m, "../evil"),
    "parent folder inside": lambda m: announced(m, "themes/../../evil"),
    "absolute": lambda m: announced(m, "/tmp/evil"),
    "backslashes": lambda m: announced(m, "..\\evil"),
    "drive": lambda m: announced(m, "C:evil"),
    "hidden file": lambda m: announced(m, ".bashrc"),
    "run-time files": lambda m: announced(m, "var/cache.counters"),
    "second manifest": lambda m: announced(m, "Manifest.json"),
    "not a picture": lambda m: announced(m, "media/evil.html"),
    "line break": lambda m: announced(m, "a\nb"),
    "nothing": lambda m: announced(m, ""),
    "twice": lambda m: announced(m, "STORE.toml"),
    "beside the database": lambda m: announced(m, "shop.db-wal"),
    "in the database's place": lambda m: announced(m, "shop.db"),
    "one more table": lambda m: announced(m, "database/evil.copy"),
    "not announced": lambda m: [*m, file("themes/evil")],
    "announced, not there": lambda m: m[:-1],
    "symlink": lambda m: swapped(m, "store.toml", file("store.toml", b"", **LINK)[0]),
    "hard link": lambda m: swapped(m, "store.toml", file("store.toml", b"", **HARD)[0]),
    "device": lambda m: swapped(m, "store.toml", file("store.toml", b"", **DEVICE)[0]),
    "long name header": lambda m: [m[0], file("a" * 200 + "/" + "b" * 200), *m[1:]],
    "other order": lambda m: [m[1], m[0], *m[2:]],
    "other size": lambda m: [m[0], file("store.toml", m[1][1] + b"\n"), *m[2:]],
    "other content": lambda m: [m[0], file("store.toml", m[1][1].swapcase()), *m[2:]],
    "bomb": bomb,
    "no manifest": lambda m: m[1:],
    "manifest of junk": lambda m: [file("manifest.json", b"{junk"), *m[1:]],
    "deep manifest": lambda m: [file("manifest.json", b"[" * 100_000), *m[1:]],
    "manifest is a list": lambda m: [file("manifest.json", b"[]"), *m[1:]],
    "newer format": lambda m: changed(m, format=2),
    "negative size": lambda m: changed(
        m, files=[{"name": "store.toml", "size": -1, "sha256": "0" * 64}]
    ),
    "sql in a table's name": lambda m: changed(
        m, tables=[{"name": 'a"; DROP TABLE x; --', "columns": ["id"], "rows": 0}]
    ),
    "other sums": lambda m: changed(m, sums={"orders.total": 1}),
    "other revision": lambda m: changed(m, revisions={}),
    "no database": lambda m: changed(
        [each for each in m if each[0].name != "database/shop.db"],
        files=[x for x in json.loads(m[0][1])["files"] if x["name"] != "database/shop.db"],
    ),
    "junk database": lambda m: replaced(m, "database/shop.db", b"junk" * 4096),
}  # fmt: skip


def refused(archive, tmp_path, error=ArchiveRefused):
    before = [each for each in entries(tmp_path) if each != archive.name]
    with pytest.raises(error) as found:
        restore(archive, tmp_path / "new" / "shop")
    after = [each for each in entries(tmp_path) if each != archive.name]
    assert after == before, "something was left behind"
    return str(found.value)


@pytest.mark.parametrize("how", HOSTILE)
def test_refused(members, tmp_path, how):
    archive = tmp_path / "evil.tar.gz"
    archive.write_bytes(packed(HOSTILE[how](members)))
    assert "is not restored: " in refused(archive, tmp_path)


def test_the_good_one_is_not(members, tmp_path):
    (tmp_path / "good.tar.gz").write_bytes(packed(members))
    assert restore(tmp_path / "good.tar.gz", tmp_path / "shop").rows["orders"] == 2


@pytest.mark.parametrize("part", [0.0, 0.01, 0.5, 0.9, 0.97])
def test_cut_off(members, tmp_path, part):
    data = packed(members)
    (tmp_path / "cut.tar.gz").write_bytes(data[: int(len(data) * part)])
    refused(tmp_path / "cut.tar.gz", tmp_path)


def test_damaged_somewhere(members, tmp_path):
    data = bytearray(packed(members))
    for place in range(1000, 1020):
        data[place] ^= 0xFF
    (tmp_path / "damaged.tar.gz").write_bytes(data)
    refused(tmp_path / "damaged.tar.gz", tmp_path)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER evil AFTER INSERT ON orders BEGIN DELETE FROM orders; END",
        "CREATE VIEW evil AS SELECT 1",
        "DELETE FROM order_event",
        "UPDATE orders SET total = total + 1",
        "UPDATE order_line SET variant_id = 99999",
        "UPDATE alembic_version SET version_num = '9999'",
    ],
)
def test_a_database_that_is_not_what_was_written_down(members, tmp_path, statement):
    (tmp_path / "evil.tar.gz").write_bytes(packed(spoiled_database(members, tmp_path, statement)))
    refused(tmp_path / "evil.tar.gz", tmp_path)


def test_a_newer_schema_is_said_to_be_newer(members, tmp_path):
    (tmp_path / "new.tar.gz").write_bytes(packed(changed(members, revisions={"core": "9999"})))
    assert "Upgrade storegen" in refused(tmp_path / "new.tar.gz", tmp_path, SchemaTooNew)


def test_more_than_the_disk_holds(members, tmp_path):
    files = json.loads(members[0][1])["files"]
    files[0]["size"] = 2**60
    (tmp_path / "huge.tar.gz").write_bytes(packed(changed(members, files=files)))
    assert "MiB free" in refused(tmp_path / "huge.tar.gz", tmp_path, SetupError)
