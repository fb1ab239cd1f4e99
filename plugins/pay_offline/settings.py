"""What an owner may set."""

from __future__ import annotations

import re
from typing import Any

from storegen.sdk import Schema, fields, validate

_COUNTRY = validate.Regexp(re.compile(r"[A-Z]{2}\Z"), error="Two capital letters, as in CN.")


class OfflineSettings(Schema):
    """``[plugin.pay_offline]`` in `store.toml`."""

    bank_transfer = fields.Boolean(load_default=True)
    bank_instructions = fields.Dict(
        keys=fields.String(),
        values=fields.String(validate=validate.Length(min=1, max=2000)),
        load_default=dict,
        metadata={"help": "Locale → text; {order} and {amount} are filled in."},
    )
    cash_on_delivery = fields.Boolean(load_default=True)
    cash_countries = fields.List(
        fields.String(validate=_COUNTRY),
        load_default=list,
        metadata={"help": "Countries where the courier takes cash; none: everywhere."},
    )
    cash_at_most = fields.String(
        load_default="",
        validate=validate.Regexp(
            re.compile(r"(\d+(\.\d+)?)?\Z", re.ASCII), error="A plain amount, as in 500 or 99.50."
        ),
        metadata={"help": "No cash for orders above this amount; empty: no limit."},
    )


def default_settings(seed: str) -> dict[str, Any]:
    """A new shop's settings: an account that nobody can take for a real one."""
    return {
        "bank_transfer": True,
        "bank_instructions": {
            "zh": "请将 {amount} 转账至以下账户，并在附言中注明订单号 {order}：\n"
            "户名：（店主尚未填写）\n开户行：（店主尚未填写）\n账号：（店主尚未填写）\n"
            "我们核对到账后即安排发货。",
            "en": "Please transfer {amount} to the account below and quote order {order}:\n"
            "Account name: (not yet filled in by the shop)\n"
            "Bank: (not yet filled in by the shop)\n"
            "Account number: (not yet filled in by the shop)\n"
            "We ship as soon as the money has arrived.",
        },
        "cash_on_delivery": True,
    }
