"""A plugin's page in the shop's shell and theme."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from flask import request
from flask.wrappers import Response

from storegen.web.context import current
from storegen.web.plugins import templates
from storegen.web.plugins.listed import mounted, plugins_of
from storegen.web.theming import Head
from storegen.web.theming.render import render


def page(
    template: str,
    *,
    title: str,
    description: str = "",
    tags: Iterable[str] | None = None,
    index: bool = True,
    inside: Literal["shop", "account"] = "shop",
    status: int = 200,
    **values: Any,
) -> Response:
    """The plugin's ``templates/<plugin>/<template>`` inside of the shop's pages.

    With ``tags`` it is public: the same for all readers, kept until somebody touches a tag, with
    no session to be looked at. Without them it is personal: never kept, not indexed, and ``csrf``,
    ``signed_in`` are among its values. ``inside="account"`` adds the account's menu. ``index``:
    whether search engines may keep it.
    """
    context = current()
    plugin = plugins_of(context.store)[mounted().owners[request.endpoint or ""]]
    public = tags is not None
    session = None if public else context.session
    known = {
        "csrf": session.csrf if session else "",
        "signed_in": session is not None and session.customer_id is not None,
    }
    body = templates.render(
        context.store.config.theme, plugin, template, {**known, "locale": context.locale, **values}
    )
    head = Head(
        title=title,
        description=description,
        path=request.path,
        index=index and public,
    )
    return render(
        context,
        "plugin_account" if inside == "account" else "plugin",
        head=head,
        tags=tags,
        status=status,
        body=body,
        here="",
        **known,
    )
