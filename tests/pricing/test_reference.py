"""``docs/reference/pricing.md`` names every field, scope, kind and reason that there is."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from storegen.domain.pricing import conditions, kinds, offers, run, sets, stacking
from storegen.domain.pricing.external import KINDS, SCOPES
from storegen.domain.pricing.lanes import LANES
from storegen.values.pricing import Promotion

PAGE = (Path(__file__).parents[2] / "docs/reference/pricing.md").read_text("utf-8")
ROWS = re.findall(r"^\| (`[^|]+) \|", PAGE, flags=re.MULTILINE)
NAMED = {name for row in ROWS for name in re.findall(r"`([^`]+)`", row)}


def reasons() -> set[str]:
    sources = (
        Path(str(module.__file__)).read_text("utf-8")
        for module in (conditions, kinds, offers, run, sets, stacking)
    )
    found = {reason for text in sources for reason in re.findall(r'Refused\("([^"]+)"', text)}
    return found | {"gift-out-of-stock"}


def offer_reasons() -> set[str]:
    text = Path(str(offers.__file__)).read_text("utf-8")
    return set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', text))


@pytest.mark.parametrize("name", [field.name for field in fields(Promotion)])
def test_every_field_is_explained(name: str) -> None:
    assert name in NAMED


def test_scopes_kinds_and_reasons_are_explained() -> None:
    assert len(reasons()) == 12
    assert len(offer_reasons()) == 4
    told = reasons() | offer_reasons()
    kinds_of_promotions = set(get_args(get_type_hints(Promotion)["kind"]))
    assert set(KINDS) < kinds_of_promotions
    assert {*SCOPES, *told, *kinds_of_promotions} <= NAMED
    assert set(SCOPES) == set(LANES)
    fields_and_values = {field.name for field in fields(Promotion)} | {*SCOPES}
    assert NAMED - fields_and_values - kinds_of_promotions - told == {"discount"}
