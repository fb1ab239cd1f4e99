"""References that come from the code are what the code says now."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from storegen.cli import main
from storegen.cli.quote import quote_command
from tools.reference import DOCS, PAGES, command_line


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_code_says(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "run `python -m tools.reference`"


def test_every_command_is_in_the_reference() -> None:
    text = command_line()
    for name in main.list_commands(click.Context(main)):
        assert f"\n## storegen {name}\n" in text
    assert "-h, --help" in text


def test_the_page_does_not_depend_on_what_ran_before() -> None:
    alone = CliRunner().invoke(quote_command, ["--help"])
    assert alone.exit_code == 0
    assert command_line() == (DOCS / "command-line.md").read_text("utf-8")
