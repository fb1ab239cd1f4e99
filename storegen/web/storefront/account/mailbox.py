"""What a demo shop would have sent: the page that stands in for phones and mailboxes."""

from __future__ import annotations

from flask import Blueprint
from flask.wrappers import Response

from storegen.domain import messages
from storegen.web.context import current, gettext
from storegen.web.storefront.personal import page

blueprint = Blueprint("shop_mailbox", __name__)


@blueprint.get("/mailbox")
def show() -> Response:
    """In a live shop it is not there: it would show everybody's codes to anybody."""
    return page(
        "shop/mailbox",
        gettext("Mailbox of this demo"),
        path="/mailbox",
        messages=messages.mailbox(current().db),
    )
