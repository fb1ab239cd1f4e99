"""``storegen new``: a catalog file becomes a shop."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from storegen.cli.progress import Progress
from storegen.cli.report import say, tell
from storegen.cli.wizard import Answers, ask
from storegen.generate.brief import (
    DEMO_PLUGINS,
    LIVE_PLUGINS,
    Brief,
    check_currency,
    check_locale,
    with_complete,
)
from storegen.generate.guess import guess_locale
from storegen.generate.new_store import Watching, new_store
from storegen.generate.presets import PRESETS, main_currency
from storegen.themes import DEFAULT_THEME


@click.command("new")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--name", help="What the shop is called.")
@click.option(
    "--catalog",
    "catalogs",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A product file; its format is told from its content. May be given again.",
)
@click.option("--theme", default=DEFAULT_THEME, show_default=True, help="How the shop looks.")
@click.option("--preset", help=f"The trade: {', '.join(PRESETS)}.")
@click.option(
    "--locale",
    "locales",
    multiple=True,
    help="The catalog's language, such as zh-Hans or en; further ones may follow.",
)
@click.option("--currency", help="ISO 4217 code of all prices, such as CNY.")
@click.option("--country", help="ISO 3166 code of where the shop is, such as CN.")
@click.option("--plugins", help="Names of plugins, divided by commas; `none` for none.")
@click.option("--database-url", default="", help="postgresql://…; a SQLite file by default.")
@click.option("--colour", default="", help="The brand's colour, such as #2f6b4f.")
@click.option("--live", is_flag=True, help="Begin as a live shop instead of a demo.")
@click.option("--sample", is_flag=True, help="Make the sample brand's shop.")
@click.option("--json", "as_json", is_flag=True, help="End with one line of JSON.")
def new_command(
    directory: Path, name: str | None, catalogs: tuple[Path, ...], theme: str,
    preset: str | None, locales: tuple[str, ...], currency: str | None, country: str | None,
    plugins: str | None, database_url: str, colour: str, live: bool, sample: bool, as_json: bool,
) -> None:  # fmt: skip
    """Make a shop in DIRECTORY, which must be new or empty.

    In a terminal, what is not given is asked for. A failure leaves nothing behind.
    """
    answers = Answers(
        name=name, catalogs=catalogs, locales=locales, currency=currency, country=country,
        preset=preset,
    )  # fmt: skip
    if not sample and not as_json and sys.stdin.isatty() and sys.stderr.isatty():
        answers = ask(answers, directory)
    home = (answers.country or ("CN")).upper()
    spoken = answers.locales or (guess_locale(answers.catalogs, home),)
    for each in spoken:
        check_locale(each)
    money = (answers.currency or main_currency(home)).upper()
    check_currency(money)
    brief = Brief(
        root=directory.absolute(),
        name=directory.absolute().name if answers.name is None else answers.name,
        country=home,
        currency=money,
        locales=with_complete(spoken),
        catalogs=tuple(path.absolute() for path in answers.catalogs),
        theme=theme,
        preset=answers.preset or "general",
        plugins=_plugins(plugins, live=live),
        database_url=database_url,
        mode="live" if live else "demo",
        colour=colour,
        sample=sample,
    )
    with _cleaning_up_when_ended(), Progress() as bar:
        report = new_store(brief, watching=Watching(step=bar.step, progress=bar.products))
    say(f"{'The sample brand' if sample else brief.name}: a shop in {brief.root}")
    tell(report)
    say(f"Next:\n  storegen serve {brief.root} --print-admin-link")
    if as_json:
        made = {"directory": str(brief.root), **report.as_json()}
        click.echo(json.dumps(made, ensure_ascii=False))


@contextmanager
def _cleaning_up_when_ended() -> Iterator[None]:
    """Ended by a supervisor, the command cleans up as it does after Ctrl-C."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _plugins(given: str | None, *, live: bool) -> tuple[str, ...]:
    if given is None:
        return LIVE_PLUGINS if live else DEMO_PLUGINS
    names = [name.strip() for name in given.split(",") if name.strip()]
    return () if names == ["none"] else tuple(dict.fromkeys(names))
