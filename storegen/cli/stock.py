"""``storegen stock``: how many units of one variant are on the shelf."""

from __future__ import annotations

from pathlib import Path

import click

from storegen.cli.stores import directory, opened
from storegen.cli.variants import variant
from storegen.domain.stock import set_level
from storegen.errors import Invalid, SetupError
from storegen.values.actor import CLI

_MOST = 10**9


@click.command("stock", context_settings={"ignore_unknown_options": True})
@directory
@click.argument("sku")
@click.argument("units")
def stock_command(directory: Path, sku: str, units: str) -> None:
    """Set the stock of the variant SKU to UNITS; +3 and -3 add and take away.

    `untracked` stops counting, `tracked` begins again.
    """
    with opened(directory) as store:
        found = variant(store, sku)
        if units in ("tracked", "untracked"):
            tracked = units == "tracked"
            store.transact(lambda uow: set_level(uow, CLI, found.id, tracked=tracked))
        else:
            number, relative = _number(units), units[0] in "+-"
            change, on_hand = (number, None) if relative else (None, number)
            try:
                before, after = store.transact(
                    lambda uow: set_level(uow, CLI, found.id, on_hand=on_hand, change=change)
                )
            except Invalid:
                raise SetupError(
                    f"{found.title} has fewer units than {units} takes away.",
                    "Write how many there are, such as 0.",
                ) from None
            units = f"{before} → {after}"
    click.echo(f"{found.title}: {units}")


def _number(text: str) -> int:
    digits = text.lstrip("+-")
    if not (digits.isascii() and digits.isdigit()) or len(text) - len(digits) > 1:
        raise SetupError(f"'{text}' is no number of units.", "Write 25, +3 or -3.")
    number = int(text)
    if abs(number) > _MOST:
        raise SetupError(f"'{text}' is more than a shop can count.", f"Write at most {_MOST}.")
    return number
