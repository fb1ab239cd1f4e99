"""The form's target."""

from __future__ import annotations

from storegen_plugins.gift_wrap.wishes import MESSAGE, PLUGIN, WRAP

from storegen.sdk import UnitOfWork
from storegen.sdk import web as sdk
from storegen.sdk.carts import set_attribute
from storegen.sdk.lookups import setup_of

pages = sdk.Pages(PLUGIN, __name__)


@pages.post("/choice")
def choose() -> sdk.Response:
    """Wrap it, with these words; or do not."""
    sdk.check_form()
    context = sdk.current()
    actor = context.ensure_session()
    given = sdk.request.form
    wanted = given.get("wrap") == "yes"
    words = " ".join(given.get("message", "").replace("\0", "").split())

    def work(uow: UnitOfWork) -> None:
        most: int = setup_of(uow, PLUGIN).settings["message_length"]
        set_attribute(uow, actor, PLUGIN, WRAP, "yes" if wanted else "")
        set_attribute(uow, actor, PLUGIN, MESSAGE, words[:most] if wanted else "")

    sdk.transact(work)
    return sdk.go(f"{context.urls.cart()}#gift-wrap")
