"""``storegen quote --json``: the price arithmetic, judged from outside."""

from __future__ import annotations

import json
from typing import TextIO

import click

from storegen.domain.pricing.external import answer
from storegen.errors import Invalid


@click.command("quote")
@click.option("--json", "as_json", is_flag=True, help="One JSON document per line, in and out.")
@click.argument("source", type=click.File("r", encoding="utf-8"), default="-")
def quote_command(as_json: bool, source: TextIO) -> None:
    """Price carts that come as JSON documents, one per line of SOURCE (or standard input).

    A document that cannot be read gets an "error" in its result; the others are answered.
    """
    if not as_json:
        raise click.UsageError("Only JSON is spoken: storegen quote --json < carts.jsonl")
    for text in source:
        if text.strip():
            click.echo(json.dumps(_result(text), ensure_ascii=False))


def _result(text: str) -> dict[str, object]:
    try:
        document = json.loads(text)
    except ValueError:
        return {"id": None, "error": {"document": "not-json"}}
    name = document.get("id") if isinstance(document, dict) else None
    try:
        return {"id": name, **answer(document)}
    except Invalid as refusal:
        return {"id": name, "error": refusal.problems}
