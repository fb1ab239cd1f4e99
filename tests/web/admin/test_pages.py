"""Every page of the back office is there, in both languages, and says it in that language."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from storegen.store import Store
from storegen.values.actor import CLI
from storegen.web.admin.registry import registry
from tests.fixtures.goods import make_delivery, make_product, place_order
from tests.web.admin.conftest import Desk

KEY = re.compile(r'href="[a-z/]*/admin/([a-z-]+)/([a-z0-9_-]+)"')


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_is_there(make_desk: Callable[..., Desk], store: Store, prefix: str) -> None:
    make_delivery(store)
    place_order(store, (make_product(store), 2))
    desk = make_desk("*", prefix=prefix)
    assert desk.get("").status_code == 200
    seen = 0
    for resource in registry(desk.app).for_actor(CLI):
        page = desk.get(f"/{resource.name}")
        assert page.status_code == 200, resource.name
        if resource.create:
            assert desk.get(f"/{resource.name}/new").status_code == 200, resource.name
        found = {key for name, key in KEY.findall(page.text) if name == resource.name} - {"new"}
        for key in sorted(found)[:4]:
            seen += 1
            assert desk.get(f"/{resource.name}/{key}").status_code == 200, (resource.name, key)
            for verb in resource.verbs:
                shown = desk.get(f"/{resource.name}/{key}/{verb.name}")
                assert shown.status_code == 200, (resource.name, key, verb.name)
            for sheet in resource.sheets:
                assert desk.get(f"/{resource.name}/{key}/sheet/{sheet.name}").status_code == 200
    assert seen >= 8
