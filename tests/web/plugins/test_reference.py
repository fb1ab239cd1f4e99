"""The reference of `storegen.sdk.web` names everything that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from storegen.sdk import web
from storegen.values.slots import SLOTS

DOCS = Path(__file__).parents[3] / "docs" / "reference"
PAGE = (DOCS / "plugin-pages.md").read_text("utf-8")


@pytest.mark.parametrize("name", web.__all__)
def test_every_name_is_explained(name: str) -> None:
    assert re.search(rf"\b{name}\b", PAGE), name
    assert hasattr(web, name)


def test_what_is_imported_in_the_samples_is_there() -> None:
    for line in re.findall(r"^from storegen\.sdk\.web import (.+)$", PAGE, re.M):
        for name in line.split(", "):
            assert name in web.__all__


def test_every_slot_is_in_the_reference() -> None:
    text = (DOCS / "slots.md").read_text("utf-8")
    assert [name for name in SLOTS if f"### `{name}`" not in text] == []
