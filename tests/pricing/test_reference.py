"""``docs/reference/pricing.md`` names every field, scope, kind and reason that there is."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from storegen.domain.pricing import conditions, exclusive, run
from storegen.domain.pricing.external import KINDS, SCOPES
from storegen.domain.pricing.lanes import LANES
from storegen.values.pricing import Promotion

PAGE = (Path(__file__).parents[2] / "docs/reference/pricing.md").read_text("utf-8")
ROWS = re.findall(r"^\| (`[^|]+) \|", PAGE, flags=re.MULTILINE)
NAMED = {name for row in ROWS for name in re.findall(r"`([^`]+)`", row)}


def reasons() -> set[str]:
    sources = (
        Path(str(module.__file__)).read_text("utf-8") for module in (conditions, exclusive, run)
    )
    return {reason for text in sources for reason in re.findall(r'Refused\("([^"]+)"', text)}


@pytest.mark.parametrize("name", [field.name for field in fields(Promotion)])
def test_every_field_is_explained(name: str) -> None:
    assert name in NAMED


def test_scopes_kinds_and_reasons_are_explained() -> None:
    assert len(reasons()) == 8
    assert {*SCOPES, *reasons()} <= NAMED
    assert {kind for kind in KINDS} <= NAMED
    assert set(SCOPES) == set(LANES)
    fields_and_values = {field.name for field in fields(Promotion)} | {*SCOPES, *KINDS}
    assert NAMED - fields_and_values - reasons() == {"discount"}
