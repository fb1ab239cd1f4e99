"""Wrong input: one clear sentence with what to do, exit code 2, no traceback, nothing left."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from storegen.cli import main
from storegen.generate.catalog import write_catalog
from tests.generate.catalogs import cup


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with good and bad catalogs, and with a shop whose store.toml is broken."""
    monkeypatch.chdir(tmp_path)
    write_catalog([cup()], tmp_path / "good.jsonl", format="jsonl", currency="CNY")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "header.csv").write_text("Handle,Title,Variant Price\n")
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "odd.csv").write_text("colour,size\nred,1\n")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "a-file").write_text("x")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "store.toml").write_text('[store]\nname = "x\n')
    (tmp_path / "moneyless").mkdir()
    (tmp_path / "moneyless" / "store.toml").write_text(
        '[store]\nname = "x"\nsecret = "0123456789abcdef"\nlocale = "en"\ncountry = "CN"\n'
        'currency = "ZZZ"\n'
    )
    (tmp_path / "keyless").mkdir()
    (tmp_path / "keyless" / "store.toml").write_text('[store]\nname = "x"\n')
    return tmp_path


NEW = ("new", "shop", "--catalog", "good.jsonl")
CASES = {
    "missing file": (("new", "shop", "--catalog", "nothing.csv"), "no such file"),
    "a folder": (("new", "shop", "--catalog", "full"), "it is a folder"),
    "empty csv": (("new", "shop", "--catalog", "empty.csv"), "it is empty"),
    "only a header": (("new", "shop", "--catalog", "header.csv"), "no products"),
    "binary csv": (("new", "shop", "--catalog", "binary.csv"), "binary"),
    "odd columns": (("new", "shop", "--catalog", "odd.csv"), "'colour'"),
    "unknown currency": ((*NEW, "--currency", "XYZ"), "'XYZ' is no currency"),
    "unknown country": ((*NEW, "--country", "XX"), "'XX' is no country"),
    "no country at all": ((*NEW, "--country", "zz"), "'ZZ' is no country"),
    "no colour": ((*NEW, "--colour", "red"), "'red' is no colour"),
    "unknown locale": ((*NEW, "--locale", "klingon"), "'klingon' is no language"),
    "unknown theme": ((*NEW, "--theme", "grov"), "Did you mean `grove`"),
    "unknown preset": ((*NEW, "--preset", "cars"), "general"),
    "unknown plugin": ((*NEW, "--plugins", "pay_ofline"), "Did you mean `pay_offline`"),
    "no name": ((*NEW, "--name", " "), "--name"),
    "odd database": ((*NEW, "--database-url", "mysql://a/b"), "not supported"),
    "unreachable database": (
        (*NEW, "--database-url", "postgresql://me:secret@127.0.0.1:1/x"),
        "cannot be used",
    ),
    "not empty": (("new", "full", "--catalog", "good.jsonl"), "not empty"),
    "a file in the way": (("new", "a-file", "--catalog", "good.jsonl"), "is a file"),
    "under a file": (("new", "a-file/shop", "--catalog", "good.jsonl"), "cannot be made"),
    "unknown option": ((*NEW, "--colour-scheme", "x"), "No such option"),
    "unknown command": (("serv", "shop"), "No such command"),
    "no shop": (("serve", "nowhere"), "is not a storegen shop"),
    "broken store.toml": (("check", "broken"), "store.toml cannot be read"),
    "store.toml without a key": (("serve", "keyless"), "'store.secret'"),
    "store.toml with an unknown currency": (("check", "moneyless"), "ZZZ is no currency"),
    "no such port": (("serve", "broken", "--port", "99999"), "--port"),
}


@pytest.mark.parametrize("case", CASES)
def test_wrong_input_is_refused_in_a_sentence(case: str, here: Path) -> None:
    arguments, words = CASES[case]
    before = contents(here)
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2, done.output
    assert words in done.stderr
    assert "Traceback" not in done.output
    assert "secret@" not in done.output
    assert done.stdout == ""
    assert contents(here) == before


def test_a_port_that_is_taken(here: Path, taken: int) -> None:
    new = CliRunner().invoke(main, [*NEW, "--country", "CN"])
    assert new.exit_code == 0, new.output
    done = CliRunner().invoke(main, ["serve", "shop", "--port", str(taken)])
    assert done.exit_code == 2, done.output
    assert f"Port {taken} is taken. Choose another with --port" in done.stderr


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def contents(folder: Path) -> list[tuple[str, bytes]]:
    return sorted(
        (str(path.relative_to(folder)), path.read_bytes() if path.is_file() else b"")
        for path in folder.rglob("*")
    )
