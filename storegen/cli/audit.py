"""``storegen audit``: is what the shop counts true?"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click

from storegen.domain.audit import Drift, find
from storegen.store import Store


@click.command("audit")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document: drifts and their count.")
def audit_command(directory: Path, as_json: bool) -> None:
    """Recount the stock, reservations and money of the shop in DIRECTORY.

    Reads only, and may run while the shop sells. Exit code 0: no drift; 1: the list of drifts.
    """
    with Store.open(directory, safe_mode=True) as store, store.read() as uow:
        count = _json(find(uow)) if as_json else _sentences(find(uow))
    if count:
        raise SystemExit(1)


def _sentences(found: Iterable[Drift]) -> int:
    count = 0
    for drift in found:
        count += 1
        click.echo(f"{drift.kind}: {drift.sentence}")
    click.echo(f"{count} drifts" if count else "no drift")
    return count


def _json(found: Iterable[Drift]) -> int:
    """Written drift by drift: a list of a million is as long, but never in memory."""
    count = 0
    click.echo('{"drifts": [', nl=False)
    for count, drift in enumerate(found, 1):
        click.echo(", " * (count > 1) + json.dumps(asdict(drift), ensure_ascii=False), nl=False)
    click.echo(f'], "count": {count}}}')
    return count
