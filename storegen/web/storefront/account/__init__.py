"""A customer's account: the way in, what was bought, addresses, settings."""

from __future__ import annotations

from storegen.web.storefront.account import book, history, mailbox, settings, sign_in

blueprints = (
    sign_in.blueprint,
    history.blueprint,
    book.blueprint,
    settings.blueprint,
    mailbox.blueprint,
)
