"""The page with the day's flash sales and everything else that is on."""

from __future__ import annotations

from storegen_plugins.promotions import reading
from storegen_plugins.promotions.activities import STOCK_TAG, TAG

from storegen.sdk import web as sdk

pages = sdk.Pages("promotions", __name__)
words = sdk.Words("promotions")
_SALES = 6
"""Time slots that are shown."""


@pages.get("")
def front() -> sdk.Response:
    """Public; the worker touches its tag whenever something begins or ends."""
    context = sdk.current()
    return sdk.page(
        "front.html",
        title=words.gettext("Promotions"),
        description=words.gettext("Flash sales by the hour, and everything else that is on."),
        tags=[TAG, STOCK_TAG],
        sales=reading.sales(context.db, context.locale, days=1, most=_SALES),
        notices=reading.notices(context.db, context.locale),
    )
