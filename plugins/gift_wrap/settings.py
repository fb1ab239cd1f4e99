"""What an owner may set."""

from __future__ import annotations

import re

from storegen.sdk import Schema, fields, validate


class GiftWrapSettings(Schema):
    """``[plugin.gift_wrap]`` in `store.toml`."""

    price = fields.String(
        load_default="10",
        validate=validate.Regexp(
            re.compile(r"\d{1,9}(\.\d{1,3})?\Z", re.ASCII),
            error="A plain amount, as in 10 or 9.50.",
        ),
        metadata={
            "title": {"en": "Price per order", "zh": "每单价格"},
            "help": {
                "en": "In the shop's currency; 0 wraps for free.",
                "zh": "以店铺货币计，0 为免费。",
            },
        },
    )
    tax_bp = fields.Integer(
        load_default=0,
        validate=validate.Range(0, 10_000),
        metadata={
            "title": {"en": "Tax in basis points", "zh": "税率（万分之一）"},
            "help": {"en": "1300 is 13 %.", "zh": "1300 即 13%。"},
        },
    )
    message_length = fields.Integer(
        load_default=200,
        validate=validate.Range(0, 500),
        metadata={
            "title": {"en": "Longest card", "zh": "贺卡最多字数"},
            "help": {"en": "Characters of the card; 0: no card.", "zh": "0 为不提供贺卡。"},
        },
    )
