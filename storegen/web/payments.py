"""Where payment providers report: raw bytes in, verified facts on to the domain."""

from __future__ import annotations

import logging

from flask import Blueprint, abort, request
from flask.wrappers import Response

from storegen.domain.payments import following
from storegen.domain.payments.play_money import providers_in_use
from storegen.errors import NotificationRefused, StoreError
from storegen.values.payment import RawNotification
from storegen.web.context import current

blueprint = Blueprint("pay", __name__)
log = logging.getLogger(__name__)


@blueprint.post("/pay/<provider_code>/notify")
def notify(provider_code: str) -> Response:
    """A notification is believed only if its provider verifies it on the bytes that came."""
    store = current().store
    provider = providers_in_use(store).get(provider_code)
    if provider is None:
        abort(404)
    raw = RawNotification(
        method=request.method,
        path=request.path,
        query=request.query_string.decode("latin-1"),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.get_data(cache=False),
    )
    try:
        fact = provider.read_notification(raw)
        outcome = following.notify(store, provider_code, fact)
    except NotificationRefused as error:
        log.warning("notification of %s refused: %s", provider_code, error.reason)
        return _answer(provider.acknowledge(False), 400)
    except StoreError as error:
        log.warning("notification of %s not booked: %s", provider_code, error.code)
        return _answer(provider.acknowledge(False), 503)
    log.info("notification of %s: %s", provider_code, outcome)
    return _answer(provider.acknowledge(True), 200)


def _answer(words: tuple[int, str, bytes], status: int) -> Response:
    """The provider's words; a refusal is never a success, whatever the plugin says."""
    code, kind, body = words
    if status >= 400 and code < 400:
        code = status
    return Response(body, status=code, mimetype=kind, headers={"Cache-Control": "no-store"})
