"""Who may come in: pages ask for a staff session (the sign-in does not), forms for its token."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import g, redirect, request
from werkzeug.wrappers import Response

from storegen.errors import NotAllowed
from storegen.values.actor import Actor
from storegen.web.context import current
from storegen.web.guards import SAFE, check_staff_token

OPEN = frozenset({"admin.sign_in", "admin.enter", "admin.redeem"})
"""What works without a session; these forms are guarded by where they come from."""

FORM_MEMORY = 4 * 2**20
"""Bytes: a product with hundreds of variants is one large form."""
FORM_PARTS = 20_000


def before() -> Response | None:
    g.personal = True
    context = current()
    if request.endpoint in OPEN:
        return None
    if context.staff is None:
        target = sign_in_address(request.full_path.rstrip("?") if request.method == "GET" else "")
        return redirect(target, 303)
    # Only now: a stranger's request is not read further than the app's own small limits.
    request.max_content_length = FORM_MEMORY
    request.max_form_memory_size = FORM_MEMORY
    request.max_form_parts = FORM_PARTS
    return None


def check_token() -> None:
    """Before anything is written. After the view has said how large an upload may be."""
    if request.method not in SAFE:
        check_staff_token()


def require(permission: str) -> Actor:
    """The staff member, who may do this. Raises `NotAllowed`."""
    actor = current().staff_actor
    if not actor.may(permission):
        raise NotAllowed(permission)
    return actor


def address(path: str = "") -> str:
    """An address of the back office in the reader's language."""
    return f"{request.script_root}/admin" + (f"/{path}" if path else "")


def sign_in_address(target: str = "") -> str:
    own = address("sign-in")
    if target in ("", "/admin", "/admin/"):
        return own
    return f"{own}?{urlencode({'next': target})}"


def local(target: str) -> str:
    """``target`` if it is a page of the back office, else its front page: never another site."""
    plain = target.isprintable() and "\\" not in target and not target.startswith("//")
    path = target.partition("?")[0]
    if plain and (path == "/admin" or path.startswith("/admin/")) and ".." not in path:
        return request.script_root + target
    return address()
