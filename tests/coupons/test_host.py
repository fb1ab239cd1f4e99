"""The plugin as the host calls it: events by the worker, jobs, data about people, the sample."""

from __future__ import annotations

from sqlalchemy import select
from storegen_plugins.coupons.tables import Code, Template

from storegen.domain.outbox import emit
from storegen.domain.people.closure import close_account
from storegen.domain.people.data_export import export_data
from tests.coupons.conftest import claim, coupon, coupons_of, make_campaign, make_customer


def test_the_manifest_is_whole(shop):
    from storegen.web.app import create_app

    create_app(shop)  # mounts pages, API and back office; what is wrong stops here
    manifest = shop.plugins.by_name["coupons"].manifest
    assert {job.name for job in manifest.jobs} == {"codes", "expire", "birthdays"}
    assert set(manifest.permissions) == {"coupons.view", "coupons.edit", "coupons.export"}


def test_a_registration_reaches_the_plugin_through_the_outbox(shop):
    from storegen.domain.outbox_delivery import deliver_due

    campaign = make_campaign(shop, channel="register")
    lin = make_customer(shop)
    shop.transact(lambda uow: emit(uow, "customer.registered", {"customer_id": lin.customer_id}))
    deliver_due(shop)
    assert [row.customer_id for row in coupons_of(shop, campaign)] == [lin.customer_id]


def test_a_customers_export_and_the_end_of_the_account(shop):
    lin = make_customer(shop, phone="+8613800138000")
    mine = claim(shop, lin, make_campaign(shop))
    with shop.read() as uow:
        told = export_data(uow, lin)
    assert mine in str(told)
    shop.transact(lambda uow: close_account(uow, lin, lin.customer_id))
    row = coupon(shop, mine)
    assert (row.state, row.reason, row.phone_key) == ("revoked", "account-closed", "")


def test_the_sample_has_campaigns_of_every_kind_that_are_live(shop):
    shop.transact(lambda uow: shop.plugins.ask_one("coupons", "seed", uow=uow))
    with shop.read() as uow:
        rows = uow.db.execute(select(Template.channel, Template.state)).all()
        assert uow.db.scalar(select(Code.code)) == "WELCOME10"
    assert {row.state for row in rows} == {"live"}
    assert {"claim", "register", "birthday", "gift", "code", "game"} <= {x.channel for x in rows}


def test_what_an_order_used_is_in_its_api_answer(shop):
    from tests.coupons.buying import buy
    from tests.fixtures.goods import make_product

    lin = make_customer(shop)
    claim(shop, lin, make_campaign(shop))
    placed = buy(shop, lin, (make_product(shop, price=5000, ships=False), 1))
    with shop.read() as uow:
        ((plugin, found),) = shop.plugins.ask(
            "api_fields", uow=uow, kind="order", ids=[placed.order_id]
        )
    assert plugin == "coupons"
    assert found == {
        placed.order_id: {
            "used": [{"title": "立减10元", "discount": {"amount": 1000, "currency": "CNY"}}]
        }
    }
