"""Payment without a provider: bank transfer and cash on delivery.

Staff confirm the money by hand; refunds are made by hand too.
"""

from __future__ import annotations

from storegen_plugins.pay_offline.bank_transfer import BankTransfer
from storegen_plugins.pay_offline.cash_on_delivery import CashOnDelivery
from storegen_plugins.pay_offline.settings import OfflineSettings, default_settings

from storegen.sdk import Manifest, PaymentProvider, PluginSetup, hookimpl

manifest = Manifest(
    name="pay_offline",
    version="1.0.0",
    title={"en": "Bank transfer and cash on delivery", "zh": "银行转账与货到付款"},
    requires_storegen=">=0.1",
    settings_schema=OfflineSettings,
    default_settings=default_settings,
)


@hookimpl
def payment_methods(setup: PluginSetup) -> list[PaymentProvider]:
    """What is switched on; bank transfer needs instructions to show."""
    methods: list[PaymentProvider] = []
    if setup.settings["bank_transfer"] and setup.settings["bank_instructions"]:
        methods.append(BankTransfer(setup.settings["bank_instructions"]))
    if setup.settings["cash_on_delivery"]:
        methods.append(
            CashOnDelivery(
                countries=frozenset(setup.settings["cash_countries"]),
                at_most=setup.settings["cash_at_most"],
                currency=setup.currency,
            )
        )
    return methods
