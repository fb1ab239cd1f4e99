"""Write the references that come from the code: `python -m tools.reference`.

tests/test_reference.py fails while a page and the code differ.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import partial
from pathlib import Path

import click

from storegen.cli import main as cli
from storegen.domain.orders.transitions import STATES, TRANSITIONS
from tools.reference_plugins import events, hooks, values
from tools.reference_slots import slots

DOCS = Path(__file__).parent.parent / "docs" / "reference"
_NOTE = "<!-- Written by `python -m tools.reference`; change the code, not this page. -->\n"


def order_states() -> str:
    """States, moves and a diagram of the one table of transitions."""
    lines = [
        "# Order states",
        "",
        _NOTE,
        "An order has one state. Its payment state (unpaid, part, paid, part refunded, refunded)",
        "is derived from the ledger, its fulfilment state (none, part, all) from shipments.",
        "",
        "| state | may ship | may be refunded | after-sales | final |",
        "|---|---|---|---|---|",
    ]
    for state in STATES.values():
        marks = (
            state.may_ship,
            state.may_refund,
            state.may_request_after_sales,
            state.final,
        )
        lines.append(f"| {state.name} | " + " | ".join("yes" if x else "" for x in marks) + " |")
    lines += ["", "| move | from | to | who | stock |", "|---|---|---|---|---|"]
    lines += [
        f"| {move.name} | {', '.join(move.sources)} | {move.target} | {', '.join(move.by)} "
        f"| {move.stock} |"
        for move in TRANSITIONS.values()
    ]
    lines += ["", "```mermaid", "stateDiagram-v2"]
    lines += [
        f"    {source} --> {move.target}: {move.name}"
        for move in TRANSITIONS.values()
        for source in move.sources
    ]
    return "\n".join([*lines, "```", ""])


def command_line() -> str:
    """Every command with its arguments and options, as ``--help`` prints them."""
    parts = ["# The command line", "", _NOTE]
    for path, found in _commands(cli, ("storegen",)):
        # A command keeps the help option of its first use, which outside of the group has no -h.
        command = copy(found)
        command._help_option = None
        # The width is said, or the page would depend on the terminal it is written in.
        context = click.Context(
            command, info_name=" ".join(path), terminal_width=96, **cli.context_settings
        )
        parts += [f"## {' '.join(path)}", "", "```text", command.get_help(context), "```", ""]
    return "\n".join(parts)


def _commands(
    command: click.Command, path: tuple[str, ...]
) -> list[tuple[tuple[str, ...], click.Command]]:
    found = [(path, command)]
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):  # not `.commands`: ours are loaded late
            below = command.get_command(context, name)
            assert below is not None
            found += _commands(below, (*path, name))
    return found


PAGES: dict[str, Callable[[], str]] = {
    "order-states.md": order_states,
    "command-line.md": command_line,
    "slots.md": partial(slots, _NOTE),
    "hooks.md": partial(hooks, _NOTE),
    "events.md": partial(events, _NOTE),
    "plugin-values.md": partial(values, _NOTE),
}


def main() -> None:
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
