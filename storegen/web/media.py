"""Pictures of the store, and the files of its theme: named by their content, so kept for ever."""

from __future__ import annotations

from flask import Blueprint, Response, abort, send_file

from storegen.errors import BadMediaKey
from storegen.media import keys
from storegen.web import assets
from storegen.web.context import current

blueprint = Blueprint("media", __name__)
FOREVER = "public, max-age=31536000, immutable"


@blueprint.get("/media/<path:key>")
def picture(key: str) -> Response:
    """A rendition; originals are never served."""
    try:
        keys.public(key)
        file = current().store.media.open(key)
    except BadMediaKey:
        abort(404)
    response = send_file(file, mimetype=keys.content_type(key))
    response.headers["Cache-Control"] = FOREVER
    return response


@blueprint.get("/assets/<digest>/<path:name>")
def asset(digest: str, name: str) -> Response:
    """A file of the theme or the core. An address with an old digest is answered with the file as
    it is now, but not for ever."""
    found = assets.read(current(), name)
    if found is None:
        abort(404)
    response = Response(found.body, mimetype=found.mimetype)
    response.headers["Cache-Control"] = FOREVER if digest == found.digest else "no-cache"
    return response
