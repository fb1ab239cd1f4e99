"""What plugins use on the web: pages, API operations, webhooks, back-office resources.

A plugin imports it in the modules that its manifest names for ``pages``, ``api``, ``webhooks`` and
``admin``, not in the module of the manifest itself. What is here stays compatible within a minor
version; `docs/reference/plugin-pages.md` explains it.
"""

from __future__ import annotations

from flask import Response, request

from storegen.domain.idempotency import Answer as KeepAnswer
from storegen.values.payment import RawNotification
from storegen.web.admin import fields as inputs
from storegen.web.admin.access import require as require_permission
from storegen.web.admin.registry import (
    Ask,
    Call,
    Column,
    Detail,
    Done,
    Fact,
    Filter,
    Listing,
    Preview,
    Query,
    Resource,
    Row,
    Sheet,
    Verb,
)
from storegen.web.admin.resources.listing import GOODS, HOUSE, SALES, SHOP, cut, day_start, number
from storegen.web.api.bearer import actor as api_actor
from storegen.web.api.bearer import customer as api_customer
from storegen.web.api.bearer import visitor as api_visitor
from storegen.web.api.fields import Flag, OneOf, Part, Several, Text, Truth, Whole
from storegen.web.api.routes import Who
from storegen.web.api.schemas.common import Answer, Body, Empty, MoneyGiven, money
from storegen.web.api.schemas.common import Money as MoneyShape
from storegen.web.api.schemas.common import Query as Parameters
from storegen.web.api.schemas.orders import IdempotencyHeader
from storegen.web.context import Context, current
from storegen.web.guards import check_token
from storegen.web.plugins.helpers import once, raw_request, transact
from storegen.web.plugins.kinds import Api, Hooks, Pages
from storegen.web.plugins.pages import page
from storegen.web.plugins.templates import url_for
from storegen.web.plugins.texts import Words
from storegen.web.storefront.account.guard import signed_in
from storegen.web.storefront.personal import check_form, go, safe_next
from storegen.web.theming.environment import cleaned as clean_html

__all__ = [
    "GOODS",
    "HOUSE",
    "SALES",
    "SHOP",
    "Answer",
    "Api",
    "Ask",
    "Body",
    "Call",
    "Column",
    "Context",
    "Detail",
    "Done",
    "Empty",
    "Fact",
    "Filter",
    "Flag",
    "Hooks",
    "IdempotencyHeader",
    "KeepAnswer",
    "Listing",
    "MoneyGiven",
    "MoneyShape",
    "OneOf",
    "Pages",
    "Parameters",
    "Part",
    "Preview",
    "Query",
    "RawNotification",
    "Resource",
    "Response",
    "Row",
    "Several",
    "Sheet",
    "Text",
    "Truth",
    "Verb",
    "Who",
    "Whole",
    "Words",
    "api_actor",
    "api_customer",
    "api_visitor",
    "check_form",
    "check_token",
    "clean_html",
    "current",
    "cut",
    "day_start",
    "go",
    "inputs",
    "money",
    "number",
    "once",
    "page",
    "raw_request",
    "request",
    "require_permission",
    "safe_next",
    "signed_in",
    "transact",
    "url_for",
]
