"""The sandbox gateway beside a test's shop, on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from storegen_plugins.pay_sandbox.client import GatewayClient
from storegen_plugins.pay_sandbox.gateway import Merchant, running

from storegen.clock import Clock
from storegen.errors import NotFound
from storegen.models import Order, Payment
from storegen.plugins import new_settings
from storegen.plugins.http import http_client
from storegen.store import Store


@dataclass(frozen=True, slots=True)
class Gateway:
    """``settings`` are what store.toml says of ``pay_sandbox``."""

    settings: dict[str, Any]
    client: GatewayClient

    def take_money(self, store: Store, token: str) -> None:
        """The payer of the order approves; the shop hears of it when it asks."""
        with store.read() as uow:
            reference = uow.db.scalar(
                select(Payment.reference)
                .join(Order, Order.id == Payment.order_id)
                .where(Order.token == token, Payment.provider == "sandbox")
                .order_by(Payment.id.desc())
                .limit(1)
            )
        if reference is None:
            raise NotFound("payment")
        said = {"do": "pay", "reference": reference, "behaviour": "drop"}
        status, answer = self.client.call("POST", "/_control", said)
        if status != 200:
            raise RuntimeError(f"the sandbox answered {status}: {answer}")


@contextmanager
def gateway(folder: Path, clock: Clock) -> Iterator[Gateway]:
    """A gateway that runs until the block ends; its time is the clock's."""
    settings = new_settings(["pay_sandbox"], "0123456789abcdef" * 2)["pay_sandbox"]
    account = Merchant(settings["merchant_id"], settings["app_id"], settings["secret"])
    wall = lambda: clock.now().timestamp()  # noqa: E731
    with running(folder / "gateway.sqlite3", [account], wall=wall) as url:
        settings |= {"gateway_url": url, "run_gateway": False}
        with http_client(url) as client:
            yield Gateway(
                settings,
                GatewayClient(
                    url=url,
                    merchant_id=settings["merchant_id"],
                    secret=settings["secret"],
                    http=lambda _url: client,
                    clock=clock.now,
                ),
            )
