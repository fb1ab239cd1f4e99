"""The channel: one POST per message; whoever fails is asked again later by the shop."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import httpx
from storegen_plugins.sms_webhook.signing import headers

from storegen.sdk import ChannelDown, MessageRefused, OutgoingMessage, PluginSetup

CODE = "sms_webhook"
_REFUSED = (400, 404, 410, 422)
"""The gateway will never take this message."""


class WebhookChannel:
    """Posts ``{"key", "to", "text", "template", "values"}``. An answer of 2xx means taken; 400,
    404, 410 and 422 never; everything else later. The ``key`` is the same each time."""

    kind = "sms"
    code = CODE

    def __init__(self, setup: PluginSetup) -> None:
        self._setup = setup

    def send(self, message: OutgoingMessage) -> None:
        settings = self._setup.settings
        body = json.dumps(
            {
                "key": message.key,
                "to": message.to,
                "text": message.text,
                "template": message.template,
                "values": dict(message.values),
            },
            ensure_ascii=False,
        ).encode()
        signed = headers(settings["secret"], body, self._setup.clock())
        try:
            # The whole address: what is joined to a base gets a slash at its end.
            address = urlsplit(settings["url"])
            answer = self._setup.http(f"{address.scheme}://{address.netloc}").post(
                settings["url"],
                content=body,
                headers={**signed, "content-type": "application/json"},
            )
        except httpx.HTTPError as error:
            # Without the text: it may hold the address, and with it a key of the owner's.
            raise ChannelDown(CODE, type(error).__name__) from None
        if 200 <= answer.status_code < 300:
            return
        if answer.status_code in _REFUSED:
            raise MessageRefused(CODE, f"answered {answer.status_code}")
        raise ChannelDown(CODE, f"answered {answer.status_code}")
