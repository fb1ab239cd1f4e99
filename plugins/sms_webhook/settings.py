"""What an owner may set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen.sdk import Schema, ValidationError, fields, validate, validates_schema


class SmsWebhookSettings(Schema):
    """``[plugin.sms_webhook]`` in `store.toml`."""

    url = fields.URL(
        load_default="",
        schemes={"https", "http"},
        require_tld=False,
        metadata={
            "title": {"en": "Address of the gateway", "zh": "网关地址"},
            "help": {
                "en": "Each message is posted there as JSON.",
                "zh": "每条短信以 JSON 形式 POST 到该地址。",
            },
        },
    )
    secret = fields.String(
        load_default="",
        validate=validate.Length(max=500),
        metadata={
            "secret": True,
            "title": {"en": "Secret", "zh": "密钥"},
            "help": {
                "en": "Signs messages and receipts; 32 characters or more, as $env:NAME.",
                "zh": "用于签名，至少 32 个字符，建议写作 $env:NAME。",
            },
        },
    )

    @validates_schema
    def _signed(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("url") and len(data.get("secret", "")) < 32:
            raise ValidationError("At least 32 characters, please.", "secret")
