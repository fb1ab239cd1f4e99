"""The back office: making campaigns, giving, codes, results, and who may do what."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from storegen_plugins.coupons import codes
from storegen_plugins.coupons.tables import Batch, Template

from storegen.domain.people import staff
from storegen.models import AuditLog, Customer
from storegen.testing.desk import Desk, words
from storegen.values.actor import CLI
from storegen.web.app import create_app
from tests.coupons.buying import buy
from tests.coupons.conftest import claim, coupon, coupons_of, make_campaign, make_customer
from tests.coupons.test_using import step
from tests.fixtures.goods import make_product

NEW = {
    "name": "Spring",
    "titles.en": "10 off",
    "titles.zh": "立减10元",
    "kind": "money",
    "amount": "10",
    "percent_bp": "0",
    "scope": "all",
    "channel": "claim",
    "validity": "days",
    "days": "30",
    "per_customer": "1",
    "listed": "1",
}


@pytest.fixture
def desk_for(shop):
    app = create_app(shop)

    def make(*permissions, prefix="/en"):
        login = "-".join(permissions).replace("*", "owner") + prefix.strip("/")
        shop.transact(
            lambda uow: staff.create_staff(uow, CLI, login, permissions=permissions, name=login)
        )
        desk = Desk(shop, prefix, app=lambda: app)
        desk.enter(login)
        return desk

    return make


@pytest.fixture
def desk(desk_for):
    return desk_for("*")


def the_campaign(shop):
    with shop.read() as uow:
        return uow.db.execute(select(Template.__table__)).one()


def test_a_campaign_is_made_started_and_changed(shop, desk):
    desk.done("/coupons/new", NEW)
    row = the_campaign(shop)
    assert (row.state, row.rules["amount"], row.days) == ("draft", 1000, 30)
    desk.done(f"/coupons/{row.public_id}/start")
    assert the_campaign(shop).state == "live"
    desk.done(f"/coupons/{row.public_id}/save", {**NEW, "amount": "12.50"})
    row = the_campaign(shop)
    assert (row.version, row.rules["amount"]) == (2, 1250)
    desk.done(f"/coupons/{row.public_id}/close")
    assert the_campaign(shop).state == "closed"


def test_the_form_takes_days_of_the_shop_products_and_categories_by_address(shop, desk):
    tea = make_product(shop, "Tea", handle="green-tea")
    desk.done(
        "/coupons/new",
        {
            **NEW,
            "scope": "products",
            "products": "green-tea",
            "validity": "fixed",
            "valid_from": "2026-03-02",
            "valid_until": "2026-03-31",
        },
    )
    row = the_campaign(shop)
    assert row.rules["products"] == [tea.product_id]
    assert row.valid_from.isoformat() == "2026-03-01T16:00:00+00:00"
    assert row.valid_until.isoformat() == "2026-03-31T16:00:00+00:00"  # with the last day
    page = desk.get(f"/coupons/{row.public_id}").text
    assert 'value="2026-03-31"' in page
    assert 'value="green-tea"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "0"),
        ("kind", "exchange"),
        ("products", "no-such-product"),
        ("valid_until", "soon"),
        ("validity", "fixed"),
        ("name", ""),
    ],
)
def test_a_wrong_campaign_is_refused_beside_its_field(shop, desk, field, value):
    answer = desk.post("/coupons/new", {**NEW, field: value})
    assert answer.status_code == 422
    with shop.read() as uow:
        assert uow.db.scalar(select(Template.id)) is None


def test_results_per_campaign(shop, desk):
    campaign = make_campaign(shop, per_customer=None)
    lin, wang = make_customer(shop), make_customer(shop)
    tea = make_product(shop, price=5000, ships=False, stock=100)
    for actor in (lin, lin, wang):
        claim(shop, actor, campaign)
    paid, unpaid = buy(shop, lin, (tea, 1)), buy(shop, wang, (tea, 2))
    step(shop, paid, "pay")
    page = words(desk.get(f"/coupons/{campaign}"))
    for text in ("Issued 3", "Claimed 3", "Used 2", "Revenue ¥40", "Taken off ¥10"):
        assert text in page
    step(shop, unpaid, "cancel")
    assert "Used 1" in words(desk.get(f"/coupons/{campaign}"))
    step(shop, paid, "refund_all")
    step(shop, paid, "refunded")
    page = words(desk.get(f"/coupons/{campaign}"))
    for text in ("Used 0", "Revenue ¥0", "Taken off ¥0"):
        assert text in page
    assert "Spring" in words(desk.get("/coupons"))


def test_codes_are_ordered_made_and_downloaded(shop, desk):
    campaign = make_campaign(shop, channel="code")
    desk.done(f"/coupons/{campaign}/code", {"code": "Welcome 10"})
    assert "WELCOME10" in words(desk.get(f"/coupons/{campaign}"))
    desk.done(f"/coupons/{campaign}/codes", {"count": "3"})
    shop.transact(codes.make_codes)
    with shop.read() as uow:
        batch = uow.db.scalar(select(Batch.public_id))
    answer = desk.done(f"/coupons-batches/{batch}/download")
    assert answer.headers["Location"].endswith(f"/coupons/codes/{batch}.csv")
    file = desk.client.get(f"/en/coupons/codes/{batch}.csv", base_url="http://shop.test")
    assert re.fullmatch(
        r"\ufeffcode,state\r\n([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4},free\r\n){3}", file.text
    )
    with shop.read() as uow:
        actions = set(uow.db.scalars(select(AuditLog.action)))
    assert {"coupons.codes", "coupons.code", "coupons.export"} <= actions


def test_the_file_is_for_staff_with_that_permission_only(shop, desk_for):
    campaign = make_campaign(shop, channel="code")
    shop.transact(lambda uow: codes.order_codes(uow, CLI, campaign, 1))
    shop.transact(codes.make_codes)
    with shop.read() as uow:
        batch = uow.db.scalar(select(Batch.public_id))
    viewer = desk_for("coupons.view", "coupons.edit")
    path = f"/en/coupons/codes/{batch}.csv"
    assert viewer.client.get(path, base_url="http://shop.test").status_code == 403
    assert viewer.get("/coupons-batches").status_code == 403
    stranger = create_app(shop).test_client()
    assert stranger.get(path, base_url="http://shop.test").status_code in (401, 403)


def test_staff_give_and_take_back(shop, desk):
    campaign = make_campaign(shop, channel="staff")
    lin = make_customer(shop)
    with shop.read() as uow:
        public_id = uow.db.scalar(select(Customer.public_id).where(Customer.id == lin.customer_id))
    assert desk.post(
        f"/coupons/{campaign}/give", {"customers": "nobody", "reason": "x"}
    ).status_code == 422  # fmt: skip
    desk.done(f"/coupons/{campaign}/give", {"customers": public_id, "reason": "Sorry"})
    (row,) = coupons_of(shop, campaign)
    assert row.customer_id == lin.customer_id
    assert row.public_id in words(desk.get(f"/coupons-issued?q={public_id}"))
    desk.done(f"/coupons-issued/{row.public_id}/revoke", {"reason": "A mistake"})
    assert coupon(shop, row.public_id).state == "revoked"
    assert "A mistake" in words(desk.get(f"/coupons-issued/{row.public_id}"))
    assert desk.post(
        f"/coupons-issued/{row.public_id}/revoke", {"reason": "again"}
    ).status_code in (409, 422)  # fmt: skip


def test_all_that_is_unused_is_taken_back_at_once(shop, desk):
    campaign = make_campaign(shop)
    for _ in range(3):
        claim(shop, make_customer(shop), campaign)
    desk.done(f"/coupons/{campaign}/revoke", {"reason": "Wrong price"})
    assert {row.state for row in coupons_of(shop, campaign)} == {"revoked"}


def test_who_may_only_look_changes_nothing(shop, desk_for):
    campaign = make_campaign(shop)
    viewer = desk_for("coupons.view")
    assert viewer.get("/coupons").status_code == 200
    for path, data in (
        ("/coupons/new", NEW),
        (f"/coupons/{campaign}/pause", {}),
        (f"/coupons/{campaign}/revoke", {"reason": "x"}),
    ):
        assert viewer.post(path, data).status_code == 403
    assert desk_for("orders.view").get("/coupons").status_code == 403


def test_the_back_office_speaks_chinese(shop, desk_for):
    make_campaign(shop)
    page = words(desk_for("*", prefix="").get("/coupons"))
    for text in ("优惠券活动", "进行中", "已领取", "带来成交额"):
        assert text in page
