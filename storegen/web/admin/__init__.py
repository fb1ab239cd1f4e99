"""The back office at ``/admin``: a registry of resources, and the pages that are drawn from it."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template

from storegen.web.admin import access, dashboard, evidence, labels, rendering, sign_in, views
from storegen.web.admin.registry import registry
from storegen.web.context import gettext
from storegen.web.plugins.slots import slot
from storegen.web.problems import request_id


def install(app: Flask) -> None:
    """Register the routes of the back office, and the resources of the core."""
    from storegen.web.admin.resources import add_all

    add_all(registry(app))
    blueprint = Blueprint("admin", __name__, url_prefix="/admin")
    blueprint.before_request(access.before)
    blueprint.add_url_rule("", "home", dashboard.show)
    blueprint.add_url_rule("/", "home_slash", dashboard.show)
    sign_in.install(blueprint)
    evidence.install(blueprint)
    views.install(blueprint)
    app.register_blueprint(blueprint)
    app.jinja_env.globals["flag_title"] = flag_title
    app.jinja_env.globals["slot"] = slot


def flag_title(code: str) -> str:
    """The name of an order's flag; ``""`` for a code that is none."""
    return gettext(labels.FLAGS[code][0]) if code in labels.FLAGS else ""


def error_page(status: int, title: str, detail: str) -> str:
    """A refusal in the look of the back office."""
    return render_template(
        "admin/error.html",
        **rendering.known(),
        title=title,
        detail_text=detail,
        request_id=request_id(),
    )
