"""What all personal pages share: rendering, redirects, pictures by id, who may send a form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import redirect as flask_redirect
from flask.wrappers import Response
from sqlalchemy import select

from storegen.domain.catalog.pictures import Picture, picture_of
from storegen.models import Media
from storegen.uow import UnitOfWork
from storegen.web import guards
from storegen.web.context import current
from storegen.web.storefront import words
from storegen.web.theming import Head
from storegen.web.theming.render import render

_QUANTITY = re.compile(r"[0-9]{1,4}", re.ASCII)
_HIDDEN = re.compile(r"[\x00-\x20\x7f\\]")


def page(
    template: str, title: str, *, path: str | None = None, status: int = 200, **values: Any
) -> Response:
    """A page that nobody else may see and nothing keeps. ``path``: where the switch of languages
    leads, without a language's prefix."""
    context = current()
    session = context.session
    return render(
        context,
        template,
        head=Head(title=title, path=path, index=False),
        status=status,
        csrf=session.csrf if session else "",
        signed_in=session is not None and session.customer_id is not None,
        words=words,
        **values,
    )


def go(address: str) -> Response:
    """See other: the answer to a form that was accepted."""
    response = flask_redirect(address, code=303)
    assert isinstance(response, Response)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def check_form() -> None:
    """A form of a personal page carries its session's token. A visitor without a session had
    no personal page yet: for them the check of the origin stands alone."""
    if current().session is not None:
        guards.check_token()


def safe_next(text: str, otherwise: str) -> str:
    """A path of this shop to go on to, or ``otherwise``: browsers read ``//evil``, ``/\\evil`` and
    addresses with control signs as other hosts."""
    if not text.startswith("/") or text.startswith("//") or _HIDDEN.search(text):
        return otherwise
    parts = urlsplit(text)
    if parts.scheme or parts.netloc:
        return otherwise
    return text


def whole_number(text: str) -> int | None:
    """Up to four ASCII digits, and nothing else that ``int`` would take for a number."""
    trimmed = text.strip()
    return int(trimmed) if _QUANTITY.fullmatch(trimmed) else None


def pictures(uow: UnitOfWork, media_ids: Iterable[int | None]) -> dict[int, Picture]:
    """Pictures by media id, in one query."""
    wanted = sorted({media_id for media_id in media_ids if media_id})
    if not wanted:
        return {}
    found = {}
    for row in uow.db.execute(
        select(
            Media.id, Media.sha256, Media.width, Media.height, Media.colour, Media.renditions
        ).where(Media.id.in_(wanted))
    ):
        picture = picture_of(row.sha256, row.width, row.height, row.colour, row.renditions)
        if picture is not None:
            found[row.id] = picture
    return found
