"""A shop does not open with what only stands in for the owner's own words."""

from __future__ import annotations

import pytest

from storegen.domain import settings
from storegen.domain.opening import missing
from storegen.values.actor import CLI


@pytest.mark.parametrize(
    ("licence", "lacking"),
    [("", True), ("【营业执照号】", True), ("91330000DEMO000000", True), ("示例号", True),
     ("91330106MA27X12345", False)],
)  # fmt: skip
def test_an_examples_licence_is_no_licence(store, licence, lacking):
    store.transact(lambda uow: settings.save(uow, CLI, "legal", {"licence_number": licence}))
    reasons = store.look(lambda uow: missing(uow, settings.load(uow)))
    assert ("no-licence" in reasons) is lacking
