"""The commands of an owner's day, on both databases."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
import tomlkit
from click.testing import CliRunner, Result
from sqlalchemy import select, update

import storegen
from storegen.cli import main
from storegen.cli.wizard import Answers, ask
from storegen.config import read_config
from storegen.domain import opening, settings
from storegen.domain.people.staff import create_owner
from storegen.generate.catalog import write_catalog
from storegen.generate.guess import guess_locale
from storegen.models import Stock, Variant
from storegen.store import Store
from storegen.values.actor import CLI
from tests.generate.catalogs import bring, cup, put_pictures, tea


def run(*arguments: object, code: int = 0, given: str = "") -> Result:
    done = CliRunner().invoke(main, [str(each) for each in arguments], input=given)
    assert done.exit_code == code, done.output + repr(done.exception)
    return done


def of_variant(store: Store, sku: str) -> tuple[int, int | None, int, bool]:
    with store.read() as uow:
        row = uow.db.execute(
            select(Variant.price, Variant.compare_at, Stock.on_hand, Stock.tracked)
            .join(Stock, Stock.variant_id == Variant.id)
            .where(Variant.sku == sku)
        ).one()
        return tuple(row)


def test_prices(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, tea())
    done = run("price", store.root, "LJ-50", "19.90")
    assert "128.00 → 19.90 CNY" in done.stdout
    assert of_variant(store, "LJ-50")[:2] == (1990, 14800)
    run("price", store.root, "LJ-50", "19.9", "--compare-at", "none")
    assert of_variant(store, "LJ-50")[:2] == (1990, None)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("price", "LJ-50", "abc"), "'abc' is no amount of CNY"),
        (("price", "LJ-50", "1.999"), "'1.999' is no amount"),
        (("price", "LJ-50", "-1"), "below zero"),
        (("price", "LJ-50", "1", "--compare-at", "-3"), "below zero"),
        (("price", "nothing", "1"), "No variant has the SKU 'nothing'"),
        (("price", "TWIN", "1"), "Several variants have the SKU 'TWIN'"),
        (("stock", "LJ-50", "many"), "no number of units"),
        (("stock", "LJ-50", "--3"), "no number of units"),
        (("stock", "LJ-50", "9" * 12), "more than a shop can count"),
    ],
)
def test_refused_prices_and_stock(
    store: Store, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    bring(store, tmp_path, tea(), cup("twin"), cup("other", variants=cup("twin").variants))
    before = of_variant(store, "LJ-50")
    done = run(arguments[0], store.root, *arguments[1:], code=2)
    assert words in done.stderr
    assert of_variant(store, "LJ-50") == before


def test_stock(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, tea())
    for units, expected in (("25", 25), ("+3", 28), ("-5", 23), ("0", 0)):
        run("stock", store.root, "LJ-50", units)
        assert of_variant(store, "LJ-50")[2] == expected
    run("stock", store.root, "LJ-50", "untracked")
    assert of_variant(store, "LJ-50")[3] is False
    assert "no drift" in run("audit", store.root).output
    with store.write() as uow:
        uow.db.execute(update(Stock).values(reserved=2))
    run("audit", store.root, code=1)


def test_export_and_import_with_pictures(store: Store, tmp_path: Path) -> None:
    images = put_pictures(tmp_path, red="red", blue="blue")
    bring(store, tmp_path, tea(images=tuple(images)), cup(), pictures=True)
    out = tmp_path / "out"
    out.mkdir()
    run("export", store.root, out / "catalog.csv", "--format", "shopify-csv")
    for name in ("art/red.png", "art/blue.png"):
        assert (out / name).read_bytes() == (tmp_path / name).read_bytes()
    done = run("import", store.root, out / "catalog.csv", "--json")
    report = json.loads(done.stdout.splitlines()[-1])
    assert (report["products"], report["new"], report["images"]) == (2, 0, 2)
    again = out / "again.csv"
    run("export", store.root, again, "--format", "shopify-csv", "--no-pictures")
    assert again.read_bytes() == (out / "catalog.csv").read_bytes()
    run("export", store.root, again, "--no-pictures")
    assert again.read_bytes() == (out / "catalog.csv").read_bytes(), "told by the ending"
    run("export", store.root, out / "plain", "--no-pictures")
    assert (out / "plain").read_text("utf-8").startswith('{"storegen":"catalog"')
    run("export", store.root, out / "x", "--format", "stone-tablet", code=2)
    run("export", store.root, tmp_path / "no" / "x", code=2)


def test_pictures_that_could_not_be_had_say_why(tmp_path: Path) -> None:
    file = tmp_path / "tea.csv"
    file.write_text("Handle,Title,Variant Price,Image Src\ncup,Cup,9,away.jpg\n")
    done = run("new", tmp_path / "shop", "--catalog", file, "--json")
    assert "1: no such file beside the catalog" in done.stderr


def test_a_file_that_cannot_be_read_changes_nothing(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, cup())
    done = run("import", store.root, tmp_path / "catalog.jsonl", tmp_path / "no.csv", code=2)
    assert "no such file" in done.stderr


def test_a_link_into_the_back_office(store: Store) -> None:
    assert "Active are: nobody" in run("admin-link", store.root, code=2).stderr
    store.transact(lambda uow: create_owner(uow, CLI, "lin@example.com"))
    link = run("admin-link", store.root).stdout.strip()
    assert link.startswith("http://shop.test/admin/enter/")
    assert len(link.rsplit("/", 1)[1]) >= 32
    assert run("admin-link", store.root).stdout.strip() != link
    run("admin-link", store.root, "--login", "nobody", code=2)
    path = store.root / "store.toml"
    path.write_text(path.read_text("utf-8").replace('base_url = "http://shop.test"\n', ""), "utf-8")
    link = run("admin-link", store.root, "--port", "9000").stdout
    assert link.startswith("http://127.0.0.1:9000/admin/enter/")


def test_opening_and_closing(store: Store, tmp_path: Path) -> None:
    done = run("open", store.root, code=2)
    assert "The business licence number is missing" in done.stderr
    assert read_config(store.root).mode == "demo"
    run("close", store.root)
    assert store.look(settings.load).checkout.open is False
    assert "closed by its owner" in run("check", store.root).stdout


def test_a_complete_shop_opens(store: Store, tmp_path: Path) -> None:
    from storegen.generate.texts import Page, write_pages
    from tests.fixtures.goods import make_delivery

    bring(store, tmp_path, cup())
    make_delivery(store)
    words = {"zh-Hans": "文字", "en": "Words"}
    pages = [Page(slug=k, kind=k, title=words, body=words) for k in opening.REQUIRED_PAGES]
    store.transact(lambda uow: write_pages(uow, pages, store.config.locales))
    legal = {"company": "雨山", "licence_number": "9133", "icp_number": "浙ICP备1号"}
    store.transact(lambda uow: settings.save(uow, CLI, "legal", legal))
    store.transact(lambda uow: settings.save(uow, CLI, "brand", {"email": "a@example.com"}))
    path = store.root / "store.toml"
    path.write_text(path.read_text(encoding="utf-8") + "# my comment\n", encoding="utf-8")
    run("close", store.root)
    run("open", store.root)
    assert read_config(store.root).mode == "live"
    assert "# my comment" in path.read_text(encoding="utf-8")
    assert tomlkit.parse(path.read_text(encoding="utf-8"))["server"]["mode"] == "live"
    with Store.open(store.root) as live, live.read() as uow:
        assert opening.reasons_closed(uow, settings.load(uow)) == []
    assert "Nothing is missing" in run("check", store.root).stdout


def test_checking_names_lost_pictures(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, cup(images=tuple(put_pictures(tmp_path, red="red"))), pictures=True)
    assert "have lost" not in run("check", store.root).stdout
    for path in (store.root / "media").rglob("*.webp"):
        path.unlink()
    assert "1 pictures have lost their files: red.png" in run("check", store.root, code=2).stdout


def test_migrating_twice_does_nothing(store: Store) -> None:
    assert "Nothing to do" in run("migrate", store.root).stdout


def test_plugins_are_listed(store: Store) -> None:
    listed = run("plugins", store.root).stdout
    assert "1. pay_offline 1.0.0" in listed
    idle = next(line for line in listed.splitlines() if line.startswith("Not in use: "))
    assert "pay_sandbox" in idle
    assert "pay_offline" not in idle


def test_version_and_help() -> None:
    assert storegen.__version__ in run("--version").stdout
    text = run("--help").stdout
    for command in ("new", "serve", "check", "backup", "restore", "audit", "import", "export"):
        assert f"\n  {command} " in text
        assert "Usage:" in run(command, "--help").stdout


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tea.jsonl"
    write_catalog([tea(), cup()], path, format="jsonl", currency="USD")
    return path


def test_new_ends_with_one_line_of_json(tmp_path: Path, file: Path) -> None:
    with file.open("a", encoding="utf-8") as more:
        more.write("not json\n")
    done = run(
        "new", tmp_path / "shop", "--catalog", file, "--name", "Leaf", "--country", "US",
        "--locale", "en", "--preset", "tea", "--plugins", "pay_offline", "--live", "--json",
    )  # fmt: skip
    made = json.loads(done.stdout.splitlines()[-1])
    assert (made["products"], made["variants"], made["images"], made["skipped"]) == (2, 3, 0, 1)
    assert made["seconds"] > 0
    assert made["problems"][0]["row"] == 4
    assert "row 4" in done.stderr
    assert "storegen serve" in done.stderr
    config = read_config(tmp_path / "shop")
    assert (config.name, config.currency, config.mode) == ("Leaf", "USD", "live")
    assert (config.timezone, config.plugins) == ("America/New_York", ("pay_offline",))
    assert config.locales == ("en", "zh-Hans")


def test_the_wizard_asks_for_what_is_missing(tmp_path: Path, file: Path) -> None:
    asked = Answers(name=None, catalogs=(), locales=(), currency=None, country=None, preset=None)

    @click.command()
    def command() -> None:
        found = ask(asked, tmp_path / "leaf")
        click.echo(json.dumps([str(each) for each in (
            found.name, found.catalogs[0], found.country, found.locales[0], found.currency,
            found.preset,
        )]))  # fmt: skip

    # Wrong answers are asked for again; an empty one takes what is offered.
    answers = ["", "no.csv", str(file), "XX", "us", "en", "ZZZ", "usd", "", ""]
    done = CliRunner().invoke(command, input="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout.splitlines()[-1]) == [
        "leaf", str(file), "US", "en", "USD", "general",
    ]  # fmt: skip
    assert "There is no file no.csv." in done.stderr
    given = Answers(
        name="n", catalogs=(file,), locales=("en",), currency="USD", country="US", preset="tea"
    )
    assert ask(given, tmp_path) == given


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        ("Handle,Title\na,明前龙井茶叶礼盒\n", "utf-8", "zh-Hans"),
        ("Handle,Title\na,明前龙井茶叶礼盒\n", "gb18030", "zh-Hans"),
        ("Handle,Title\na,Longjing tea in a box\n", "utf-8", "en"),
    ],
)
def test_the_language_is_guessed(tmp_path: Path, text: str, encoding: str, expected: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode(encoding))
    assert guess_locale([path], "CN") == expected
    # The look ends in the middle of a character.
    path.write_bytes((text * 6000).encode(encoding))
    assert guess_locale([path], "CN") == expected


def test_the_language_of_a_workbook_is_guessed(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_catalog([tea(description="茶" * 300)], path, format="xlsx", currency="CNY")
    assert guess_locale([path], "US") == "zh-Hans"
