"""References that come from the code are what the code says now."""

from __future__ import annotations

import pytest

from tools.reference import DOCS, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_code_says(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "run `python -m tools.reference`"
