"""Staff who see orders see what customers sent with their requests; other staff do not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from storegen.store import Store
from tests.fixtures.goods import make_delivery
from tests.fixtures.payment import use
from tests.orders.test_aftersales_evidence import ask, picture_of
from tests.web.admin.conftest import Desk


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_request_shows_its_pictures_to_those_who_see_orders(
    store: Store, make_desk: Callable[..., Desk]
) -> None:
    make_delivery(store)
    use(store)
    token, key = ask(store)
    clerk, writer = make_desk("orders.view"), make_desk("products.edit")
    page = clerk.get(f"/after-sales/{key}")
    found = re.findall(r'src="[^"]*/admin(/after-sales/\w+/pictures/0/small)"', page.text)
    assert found == [f"/after-sales/{key}/pictures/0/small"]
    shown = clerk.get(found[0])
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert shown.data == picture_of(store, token, key)
    shown.close()
    assert writer.get(found[0]).status_code == 403
    assert clerk.get(f"/after-sales/{key}/pictures/7/small").status_code == 404
