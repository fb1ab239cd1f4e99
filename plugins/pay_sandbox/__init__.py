"""A payment provider to test against: everything that goes wrong with payments, on demand.

The gateway (`storegen_plugins.pay_sandbox.gateway`) is another program with a database of its
own, reached by signed HTTP only, as a real provider is. No real money moves.
"""

from __future__ import annotations

from storegen_plugins.pay_sandbox.client import GatewayClient
from storegen_plugins.pay_sandbox.provider import SandboxProvider
from storegen_plugins.pay_sandbox.settings import (
    SandboxSettings,
    default_settings,
    gateway_companion,
)

from storegen.sdk import Companion, Manifest, PaymentProvider, PluginSetup, hookimpl

manifest = Manifest(
    name="pay_sandbox",
    version="1.0.0",
    title={"en": "Sandbox payment (no real money)", "zh": "沙箱支付（不涉及真实资金）"},
    requires_storegen=">=0.1",
    settings_schema=SandboxSettings,
    default_settings=default_settings,
)


@hookimpl
def payment_methods(setup: PluginSetup) -> list[PaymentProvider]:
    settings = setup.settings
    return [
        SandboxProvider(
            GatewayClient(
                url=settings["gateway_url"],
                merchant_id=settings["merchant_id"],
                secret=settings["secret"],
                http=setup.http,
                clock=setup.clock,
            ),
            app_id=settings["app_id"],
            public_url=settings["public_url"] or settings["gateway_url"],
            currency=setup.currency,
        )
    ]


@hookimpl
def companions(setup: PluginSetup) -> list[Companion] | None:
    if not setup.settings["run_gateway"]:
        return None
    return [gateway_companion(setup.settings, setup.data_dir)]
