"""Every form that a signed-in page shows, sent back with nonsense in every field: refused with a
sentence, or taken as it is; never a defect."""

from __future__ import annotations

import re

import pytest

from storegen.domain import audit
from storegen.domain.people import staff, staff_sign_in
from storegen.values.actor import CLI
from storegen.web.admin.registry import registry
from storegen.web.app import create_app
from tests.fixtures.goods import make_delivery, make_product, place_order
from tests.security.test_every_route import BASE, LEAKS, OURS

NONSENSE = {
    "NUL": "\x00",
    "negative": "-5",
    "huge": "99999999999999999999999",
    "edge": str(2**63 - 1),
    "exponent": "1e308",
    "NaN": "NaN",
    "digits": "９９",
    "markup": "<script>alert(1)</script>",
    "long": "x" * 70_000,
    "JSON": '{"a": [[[[[[[[[[]]]]]]]]]]}',
    "empty": "",
    "date": "0000-00-00T99:99",
}
FIELD = re.compile(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"')
ACTION = re.compile(r'<form[^>]*method="post"[^>]*>', re.IGNORECASE)
CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@pytest.fixture
def shop(store):
    make_delivery(store)
    tea = make_product(store, "Tea", handle="tea")
    placed = place_order(store, (tea, 2))
    return store, placed


def check(answer, address):
    said = answer.get_data()[:300_000].decode("utf-8", "replace")
    assert answer.status_code < 500, (address, answer.status, said[:2000])
    assert not LEAKS.search(said), address


def forms(page):
    """(action, fields) of each posting form of a page."""
    for part in re.split(r"(?i)<form", page)[1:]:
        head, _, body = part.partition(">")
        body = body.partition("</form")[0]
        if 'method="post"' in head.lower():
            action = re.search(r'action="([^"]*)"', head)
            yield (action[1] if action else ""), set(FIELD.findall(body))


def send_nonsense(client, path, value, skip=()):
    page = client.get(path, base_url=BASE)
    check(page, path)
    if page.status_code != 200 or page.mimetype != "text/html":
        return 0
    token = CSRF.search(page.text)
    sent = 0
    for action, fields in forms(page.text):
        target = action.replace("&amp;", "&") or path
        if any(word in target for word in skip):
            continue
        data = dict.fromkeys(fields, value)
        if token:
            data["csrf"] = token[1]
        answer = client.post(target.removeprefix(BASE), base_url=BASE, data=data, headers=OURS)
        check(answer, f"{path} → {target}")
        sent += 1
    return sent


@pytest.mark.parametrize("value", NONSENSE.values(), ids=NONSENSE.keys())
def test_forms_of_the_back_office(shop, value):
    store, _ = shop
    store.transact(lambda uow: staff.create_staff(uow, CLI, "owner", permissions=["*"], name="o"))
    link = store.transact(lambda uow: staff_sign_in.make_admin_link(uow, CLI, "owner"))
    app = create_app(store)
    client = app.test_client()
    client.post(f"/admin/enter/{link}", base_url=BASE, headers=OURS)
    sent = 0
    for name, resource in registry(app)._resources.items():
        listing = client.get(f"/admin/{name}", base_url=BASE)
        check(listing, name)
        names = ("q", "page", "sort", "after", "state")
        query = "&".join(f"{each}={value[:500]}" for each in names)
        check(client.get(f"/admin/{name}?{query}".replace("\x00", "%00"), base_url=BASE), name)
        keys = set(re.findall(rf'href="/admin/{name}/([^"/?]+)"', listing.text)) - {"new", "bulk"}
        paths = [f"/admin/{name}/new"] if resource.create else []
        for key in sorted(keys)[:2]:
            paths.append(f"/admin/{name}/{key}")
            paths += [f"/admin/{name}/{key}/{verb.name}" for verb in resource.verbs]
        for path in paths:
            sent += send_nonsense(client, path, value, skip=("/sign-out", "/admin/staff"))
    assert sent > 20, "the test must find the forms"
    with store.read() as uow:
        assert [one.kind for one in audit.drifts(uow)] == []


@pytest.mark.parametrize("value", NONSENSE.values(), ids=NONSENSE.keys())
def test_forms_of_the_storefront(shop, value):
    store, placed = shop
    client = create_app(store).test_client()
    page = client.get("/products/tea", base_url=BASE).text
    tea = re.search(r'name="variant" value="([^"]+)"', page)
    assert tea is not None
    client.post(
        "/cart/lines", base_url=BASE, headers=OURS, data={"variant": tea[1], "quantity": "1"}
    )
    sent = 0
    order = f"/orders/{placed.token}"
    account = ("/account/sign-in", "/account/register")
    about_order = (order, f"{order}/pay", f"{order}/after-sales")
    for path in ("/", "/products/tea", "/cart", "/checkout", *account, *about_order, "/mailbox"):
        sent += send_nonsense(client, path, value, skip=("/cancel",))
    assert sent > 5
    with store.read() as uow:
        assert audit.drifts(uow) == []
