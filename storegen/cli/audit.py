"""``storegen audit``: recount stock, reservations and money."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from storegen.cli.stores import directory, opened
from storegen.domain.audit import find


@click.command("audit")
@directory
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each drift, by line.")
def audit_command(directory: Path, as_json: bool) -> None:
    """Count again what the shop in DIRECTORY keeps twice.

    Reads only, and may run while the shop sells. Exit code 0: no drift; 1: the list of drifts.
    """
    count = 0
    with opened(directory) as store, store.read() as uow:
        # Said as it is found: a list of a million is as long, but never in memory.
        for drift in find(uow):
            count += 1
            if as_json:
                click.echo(json.dumps(asdict(drift), ensure_ascii=False))
            else:
                click.echo(f"{drift.kind}: {drift.sentence}")
    if not as_json:
        click.echo(f"drifts: {count}" if count else "no drift")
    if count:
        raise SystemExit(1)
