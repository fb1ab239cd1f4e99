"""Where the gateway says what became of a message."""

from __future__ import annotations

import json

from storegen_plugins.sms_webhook import receipts
from storegen_plugins.sms_webhook.signing import holds

from storegen.sdk import Invalid, NotificationRefused
from storegen.sdk import web as sdk
from storegen.sdk.lookups import setup_of

hooks = sdk.Hooks("sms_webhook", __name__)


@hooks.post("/receipts")
def receipt() -> sdk.Response:
    """``{"key", "state": "delivered" or "failed", "reason"}``, signed as messages are. Answers 204,
    also to a repeat."""
    raw = sdk.raw_request()
    context = sdk.current()
    secret: str = setup_of(context.db, "sms_webhook").settings["secret"]
    if not holds(secret, raw.headers, raw.body, context.db.now):
        raise NotificationRefused("bad signature")
    try:
        said = json.loads(raw.body)
    except ValueError:
        raise Invalid({"body": "not-json"}) from None
    if not isinstance(said, dict):
        raise Invalid({"body": "not-an-object"})
    key, state, reason = (said.get(name, "") for name in ("key", "state", "reason"))
    if not isinstance(key, str) or not 1 <= len(key) <= 128:
        raise Invalid({"key": "out-of-range"})
    if state not in receipts.STATES:
        raise Invalid({"state": "unknown"})
    if not isinstance(reason, str):
        raise Invalid({"reason": "not-a-text"})
    sdk.transact(lambda uow: receipts.keep(uow, key, state, reason.replace("\0", "")))
    return sdk.Response(status=204)
