"""``storegen open`` and ``storegen close``: whether the shop takes orders."""

from __future__ import annotations

from pathlib import Path

import click
import tomlkit
from tomlkit.toml_document import TOMLDocument

from storegen.cli.opening_words import WORDS
from storegen.cli.stores import directory, opened
from storegen.config import FILE
from storegen.counters import ALL
from storegen.domain import message_queue, settings
from storegen.domain.opening import missing
from storegen.domain.payments import play_money
from storegen.errors import SetupError
from storegen.generate import toml_edit
from storegen.store import OPENING
from storegen.uow import UnitOfWork
from storegen.values.actor import CLI


@click.command("open")
@directory
def open_command(directory: Path) -> None:
    """Open the shop to the public: from demo to live mode, and taking orders.

    Refuses, with the list, while something is missing that law or customers need.
    """
    with opened(directory) as store:
        todo = [each for each in store.look(_missing) if each != "closed-by-owner"]
        if todo:
            lines = "\n".join(f"  - {WORDS.get(reason, reason)}" for reason in todo)
            raise SetupError(
                f"The shop cannot open yet:\n{lines}\n", "Complete these, then run this again."
            )
        demo = store.config.mode != "live"
        if demo:
            toml_edit.edit(store.root / FILE, _live)
        dropped = store.transact(_take_orders if not demo else _leave_the_demo)
        click.echo(f"{store.config.name} is open, a running `storegen serve` included.")
        click.echo("Restart that after any other change to store.toml (plugins and the like).")
        if dropped:
            click.echo(f"{dropped} messages waited in the demo's mailbox. They are never sent.")
        left = store.look(play_money.leftovers)
        if left:
            click.echo(f"{len(left)} orders were begun with play money: {play_money.named(left)}")
            click.echo("They cannot be paid with it any more. Cancel them in the back office.")


@click.command("close")
@directory
def close_command(directory: Path) -> None:
    """Take no more orders; the pages stay. `storegen open` opens the shop again."""
    with opened(directory) as store:
        store.transact(lambda uow: settings.save(uow, CLI, "checkout", {"open": False}))
        click.echo(f"{store.config.name} takes no more orders.")


def _missing(uow: UnitOfWork) -> list[str]:
    return missing(uow, settings.load(uow))


def _take_orders(uow: UnitOfWork) -> int:
    """Every page says otherwise now, and every process of the shop reads the mode anew."""
    settings.save(uow, CLI, "checkout", {"open": True})
    uow.touch(ALL, OPENING)
    return 0


def _leave_the_demo(uow: UnitOfWork) -> int:
    """How many messages of the demo end unsent, in the moment in which the shop opens."""
    _take_orders(uow)
    return message_queue.end_waiting(uow)


def _live(document: TOMLDocument) -> None:
    document.setdefault("server", tomlkit.table())["mode"] = "live"
