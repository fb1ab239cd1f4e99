"""``storegen price``: the price of one variant, in force at once."""

from __future__ import annotations

from pathlib import Path

import click

from storegen.cli.stores import directory, opened
from storegen.cli.variants import variant
from storegen.domain.catalog.price_editing import KEEP, set_price
from storegen.errors import SetupError
from storegen.values.actor import CLI
from storegen.values.money import parse_decimal, to_decimal


@click.command("price", context_settings={"ignore_unknown_options": True})
@directory
@click.argument("sku")
@click.argument("amount")
@click.option("--compare-at", help="The price struck through beside it; `none` for none.")
def price_command(directory: Path, sku: str, amount: str, compare_at: str | None) -> None:
    """Set the price of the variant SKU (or its id or barcode) to AMOUNT, such as 19.90.

    Works while the shop is served: no later page shows the old price.
    """
    with opened(directory) as store:
        currency = store.config.currency
        price = parse_decimal(amount, currency)
        compare: int | None = KEEP
        if compare_at is not None:
            compare = None if compare_at == "none" else parse_decimal(compare_at, currency)
        if price < 0 or (compare is not None and compare < KEEP):
            raise SetupError("A price cannot be below zero.", "Write it plainly, as in 19.90.")
        found = variant(store, sku)
        store.transact(lambda uow: set_price(uow, CLI, found.id, price, compare))
    before, after = to_decimal(found.price, currency), to_decimal(price, currency)
    click.echo(f"{found.title}: {before} → {after} {currency}")
