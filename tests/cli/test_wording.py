"""What the command line says of slips: the right word to put there, and never a password."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from storegen.cli import main
from storegen.cli.progress import Progress
from storegen.cli.report import tell
from storegen.config import read_config
from storegen.errors import BrokenConfig, SetupError
from storegen.generate.brief import check_currency
from storegen.generate.database import shown, unreachable
from storegen.generate.report import ImportReport
from storegen.values.catalog import RowProblem

STORE = """[store]
name = "A"
secret = "0123456789abcdef"
locale = "en"
currency = "USD"
country = "US"
"""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("[sever]\nmode = 'demo'\n", "'sever': there is no such key, did you mean 'server'"),
        ("[server]\nhost = ['a']\n", "'server.host': there is no such key, did you mean 'hosts'"),
        ("curency = 'USD'\n", "'store.curency': there is no such key, did you mean 'currency'"),
        ("[server]\nzzz = 1\n", "'server.zzz': there is no such key. Correct it"),
        (
            "[mail]\nhost = 'a'\nfrom = 'a@b.example'\npasword = 'x'\n",
            "'mail.pasword': there is no such key, did you mean 'password'",
        ),
    ],
)
def test_a_key_that_nothing_reads(tmp_path: Path, more: str, said: str) -> None:
    (tmp_path / "store.toml").write_text(STORE + more)
    with pytest.raises(BrokenConfig) as caught:
        read_config(tmp_path)
    assert said in f"{caught.value.what} {caught.value.fix}"


def test_a_missing_key_is_no_line(tmp_path: Path) -> None:
    (tmp_path / "store.toml").write_text(STORE.replace('name = "A"\n', ""))
    with pytest.raises(BrokenConfig) as caught:
        read_config(tmp_path)
    assert "'store.name'" in caught.value.what
    assert "line" not in caught.value.fix


def test_an_empty_name_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["new", str(tmp_path / "shop"), "--name", ""])
    assert done.exit_code == 2
    assert "The shop needs a name" in done.output
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize(("code", "meant"), [("US", "USD"), ("CN", "CNY"), ("EURO", "EUR")])
def test_a_country_s_code_means_its_currency(code: str, meant: str) -> None:
    with pytest.raises(SetupError) as caught:
        check_currency(code)
    assert f"Did you mean `{meant}`?" in caught.value.fix


def test_a_database_is_shown_as_it_was_written() -> None:
    url = make_url("postgresql+psycopg://owner:hidden@h.example/x?schema=a")
    assert shown(url) == "postgresql://owner:***@h.example/x?schema=a"
    error = OperationalError("", {}, Exception("accepting connections on port 5432?"))
    assert "port 5432. Check" in " ".join(
        (lambda one: (one.what, one.fix))(unreachable(shown(url), error))
    )


def test_an_import_tells_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    report = ImportReport(products=3, new=1, variants=3)
    for file, row in (("b.csv", 2), ("a.csv", 9), ("a.csv", 3)):
        report.skip(RowProblem(file=file, row=row, column="", reason="bad", value=""))
    tell(report, known=2)
    said = capsys.readouterr().err
    assert "3 products (1 new, 2 there before), 3 variants" in said
    places = [said.index(each) for each in ("a.csv, row 3", "a.csv, row 9", "b.csv, row 2")]
    assert places == sorted(places)


def test_without_a_terminal_lines_say_how_it_goes(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(every=0.01) as bar:
        bar.step("products")
        bar.products(3, 40)
        threading.Event().wait(0.2)
    said = capsys.readouterr().err
    assert "Products and pictures ...\n" in said
    assert "  Products and pictures: 3 of 40, 0 s\n" in said
