"""The recount sees what is wrong; every other test of this folder ends with it."""

from __future__ import annotations

from sqlalchemy import update
from storegen_plugins.coupons import checks
from storegen_plugins.coupons.tables import Coupon, Template

from tests.coupons.conftest import claim, make_campaign, make_customer


def test_the_recount_sees_a_wrong_counter_and_a_use_without_a_ledger(shop):
    campaign = make_campaign(shop)
    mine = claim(shop, make_customer(shop), campaign)
    with shop.write() as uow:
        uow.db.execute(update(Template).values(issued=7))
        uow.db.execute(update(Coupon).values(state="used"))
    with shop.read() as uow:
        assert checks.drift(uow) == [
            f"campaign {campaign} counts 7 issued coupons, there are 1",
            f"coupon {mine} is used and has 0 uses that stand",
        ]
    shop.drifted = True


def test_the_recount_is_a_command(shop):
    from click.testing import CliRunner

    from storegen.cli import main

    campaign = make_campaign(shop)
    claim(shop, make_customer(shop), campaign)
    run = ["run", str(shop.root), "coupons", "audit"]
    answer = CliRunner().invoke(main, run)
    assert (answer.exit_code, answer.output) == (0, "all coupons agree\n")
    with shop.write() as uow:
        uow.db.execute(update(Template).values(issued=7))
    answer = CliRunner().invoke(main, run)
    assert answer.exit_code == 1
    assert f"campaign {campaign} counts 7" in answer.output
    shop.drifted = True
