"""The back office before judges that we did not write: the Nu checker, and axe in a browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from werkzeug.serving import make_server

from storegen.domain.payments import booking
from storegen.store import Store
from storegen.values.actor import CLI
from storegen.web.admin.registry import registry
from tests.fixtures.goods import make_delivery, make_product, place_order
from tests.judges import browser, nu
from tests.judges.findings import listing
from tests.judges.shop_pages import ShopPage
from tests.judges.visitor import Page
from tests.web.admin.conftest import Desk

pytestmark = pytest.mark.judge
SHOWN = ("", "/orders", "/products", "/products/new", "/settings", "/shipping/new", "/staff/new")
"""What a browser looks at: each kind of page once, since it takes seconds each."""


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, desk.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def paths(desk: Desk) -> list[str]:
    """Every list, every form for something new, and the first of each kind with its forms."""
    found = ["", "/sign-in", "/password", "/nothing"]
    for resource in registry(desk.app).for_actor(CLI):
        found.append(f"/{resource.name}")
        if resource.create:
            found.append(f"/{resource.name}/new")
        page = desk.get(f"/{resource.name}").text
        keys = re.findall(rf'/admin/{resource.name}/([a-z0-9_-]+)"', page)
        key = next((each for each in keys if each not in ("new", "bulk")), None)
        if key and resource.detail:
            found += [f"/{resource.name}/{key}"]
            found += [f"/{resource.name}/{key}/{verb.name}" for verb in resource.verbs]
            found += [f"/{resource.name}/{key}/sheet/{sheet.name}" for sheet in resource.sheets]
    return found


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_no_judge_has_anything_to_say(make_store: Callable[..., Store], prefix: str) -> None:
    from storegen.domain.people import staff

    store = make_store("sqlite")
    make_delivery(store)
    placed = place_order(store, (make_product(store, "Tea"), 2))
    store.transact(lambda uow: booking.confirm_by_hand(uow, CLI, placed.order_id, "t"))
    store.transact(lambda uow: staff.create_owner(uow, CLI, "owner"))
    desk = Desk(store, prefix)
    desk.enter("owner")
    session = desk.client.get_cookie("sg_staff", domain="shop.test")
    assert session is not None
    with served(desk) as base:
        pages = []
        for path in paths(desk):
            answer = desk.get(path)
            if answer.mimetype != "text/html" or answer.status_code == 303:
                continue
            address = f"{base}{prefix}/admin{path}"
            page = Page(
                address, answer.status_code, httpx.Headers(list(answer.headers)), answer.data
            )
            pages.append(ShopPage(path, prefix, page))
        assert len(pages) > 30
        said = nu.check({each.page.url: each.page.body for each in pages})
        if not prefix:  # the looks are the same in both languages
            shown = [each for each in pages if each.kind in SHOWN]
            assert len(shown) == len(SHOWN)
            said += browser.judge(base, shown, f"sg_staff={session.value}")
    assert not said, listing(said)
