"""The pictures of an after-sales request, for the staff who decide about it."""

from __future__ import annotations

from flask import Blueprint, Response, send_file

from storegen.domain import aftersales_evidence
from storegen.media import keys
from storegen.web.admin import access
from storegen.web.context import current


def install(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(
        "/after-sales/<key>/pictures/<int:number>/<size>", "evidence", show_picture
    )


def show_picture(key: str, number: int, size: str) -> Response:
    actor = access.require("orders.view")
    file = aftersales_evidence.of_staff(current().db, actor, key, number, size)
    response = send_file(file, mimetype=keys.PUBLIC_TYPES["webp"])
    response.headers["Cache-Control"] = "private, no-store"
    return response
