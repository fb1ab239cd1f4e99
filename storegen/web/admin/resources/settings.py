"""The owner's settings: one form for each group, and the logo."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from marshmallow import Schema, ValidationError

from storegen.domain import opening, settings
from storegen.errors import Conflict, NotAllowed, NotFound
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.web.admin import fields, uploads
from storegen.web.admin.registry import (
    Ask,
    Call,
    Column,
    Detail,
    Done,
    Listing,
    Query,
    Resource,
    Row,
    Verb,
)
from storegen.web.admin.resources.listing import SHOP
from storegen.web.context import gettext

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+|")


@dataclass(frozen=True, slots=True)
class _Group:
    title: str
    help: str
    schema: Callable[[Ask], Schema]


def _colour(text: str) -> None:
    if not _COLOUR.fullmatch(text):
        raise ValidationError(gettext("Please type a colour such as #2f5d50."))


def _email(text: str) -> None:
    if not _EMAIL.fullmatch(text):
        raise ValidationError(gettext("Please type an e-mail address."))


def _brand(ask: Ask) -> Schema:
    locales = ask.store.config.locales
    colour = fields.text("Main colour", 7, required=True, widget="colour")
    accent = fields.text("Second colour", 7, required=True, widget="colour")
    email = fields.text("E-mail for customers", 255, widget="email")
    for each, check in ((colour, _colour), (accent, _colour), (email, _email)):
        each.validators.append(check)
    return fields.form(
        names=fields.texts("Name of the shop", locales, 100),
        taglines=fields.texts("One line about it", locales, 200),
        colour=colour,
        accent=accent,
        email=email,
        phone=fields.text("Phone for customers", 40, widget="tel"),
        address=fields.text("Address", 300),
    )


def _legal(ask: Ask) -> Schema:
    return fields.form(
        company=fields.text("Company", 200),
        licence_number=fields.text("Business licence number", 64),
        icp_number=fields.text("ICP number", 64, help="Such as 沪ICP备2026000000号-1."),
        icp_domain=fields.text("Domain of the ICP number", 200),
    )


def _tax(ask: Ask) -> Schema:
    one = fields.form(code=fields.text("Tax code", 64, required=True), rate=fields.percent("Rate"))
    return fields.form(
        prices_include_tax=fields.flag("Prices include tax"),
        default_bp=fields.percent("Rate", help="For all goods without a tax code of their own."),
        shipping_bp=fields.percent("Rate for freight"),
        classes=fields.rows("Rates by tax code", one, one="Rate", add="Another rate"),
    )


def _checkout(ask: Ask) -> Schema:
    return fields.form(
        open=fields.flag("The shop takes orders"),
        guests=fields.flag("Guests may order without an account"),
        payment_minutes=fields.number("Minutes to pay", 5, 24 * 60),
        transfer_hours=fields.number("Hours to pay by bank transfer", 1, 24 * 30),
        ship_within_hours=fields.number("Hours until it is shipped", 1, 24 * 90),
        auto_receive_days=fields.number("Days after shipping until it counts as received", 1, 90),
        complete_after_days=fields.number("Days after that until it is completed", 0, 180),
        return_days=fields.number("Days to return goods", 0, 365),
        struck_price=fields.choice(
            "Struck-through prices",
            (
                ("declared", "As declared: the compare-at price"),
                ("seven_days", "Only above the lowest price of the last seven days"),
                ("never", "Never"),
            ),
            help="A struck-through price that was never asked is price fraud in China.",
        ),
        few_left=fields.number("“Few left” from this many", 0, 1000),
    )


GROUPS: Mapping[str, _Group] = {
    "brand": _Group("Brand", "How the shop is called and looks.", _brand),
    "legal": _Group("Legal", "What every page shows, and what is needed to open.", _legal),
    "tax": _Group("Tax", "Rates for goods and freight.", _tax),
    "checkout": _Group("Orders", "Deadlines and promises; whether the shop is open.", _checkout),
}


def rows(uow: UnitOfWork, query: Query) -> Listing:
    return Listing(
        rows=[
            Row(key=key, cells={"title": gettext(group.title), "help": gettext(group.help)})
            for key, group in GROUPS.items()
        ]
    )


def _group(key: str) -> _Group:
    if key not in GROUPS:
        raise NotFound("page")
    return GROUPS[key]


def detail(ask: Ask) -> Detail:
    group = _group(ask.key)
    shop = settings.load(ask.uow)
    verbs = ["logo", "save"] if ask.key == "brand" else ["save"]
    return Detail(
        title=gettext(group.title),
        verbs=verbs,
        data={
            "intro": gettext(group.help),
            "missing": opening.missing(ask.uow, shop) if ask.key in ("legal", "checkout") else (),
        },
    )


def _schema(ask: Ask) -> Schema:
    return _group(ask.key).schema(ask)


def _initial(ask: Ask) -> Mapping[str, Any]:
    _group(ask.key)
    values = asdict(getattr(settings.load(ask.uow), ask.key))
    if ask.key == "tax":
        classes = values["classes"]
        values["classes"] = [{"code": code, "rate": rate} for code, rate in classes.items()]
    return values


def save_settings(uow: UnitOfWork, actor: Actor, group: str, values: Mapping[str, Any]) -> None:
    """`settings.save` for staff. Opening a shop that is not ready raises `Conflict`
    ("still-missing"): the list says what is. Raises `NotAllowed`, `Invalid`."""
    if not actor.may("settings.edit"):
        raise NotAllowed("settings.edit")
    was_open = settings.load(uow).checkout.open
    settings.save(uow, actor, group, values)
    shop = settings.load(uow)
    if shop.checkout.open and not was_open and opening.reasons_closed(uow, shop):
        raise Conflict("still-missing")


def _save(call: Call) -> Done:
    values = dict(call.values)
    if call.key == "tax":
        values["classes"] = {each["code"]: each["rate"] for each in values["classes"]}
    call.store.transact(lambda uow: save_settings(uow, call.actor, call.key, values))
    return Done(said="The settings are saved.")


def _logo(call: Call) -> Done:
    """The logo of the pages, and the icons of browsers and home screens."""
    store = call.store
    taken = uploads.take_picture(store, call.values["logo"], "logo")
    values: dict[str, Any] = {"logo": taken.sha}
    if call.values["icons"]:
        values["icons"] = uploads.icons_of(store, taken.sha, call.values["ground"])

    def work(uow: UnitOfWork) -> None:
        save_settings(uow, call.actor, "brand", values)
        save_settings(uow, call.actor, "theme", {"logo": taken.sha})

    store.transact(work)
    return Done(said="The logo is in place.")


def _logo_form(ask: Ask) -> Schema:
    ground = fields.text("Ground of the icons", 7, required=True, widget="colour")
    ground.validators.append(_colour)
    return fields.form(
        logo=fields.upload("Picture", uploads.MOST_BYTES, help="PNG or WebP with a clear ground."),
        icons=fields.flag("Make the icons of it too"),
        ground=ground,
    )


RESOURCE = Resource(
    name="settings",
    title="Settings",
    permission="settings.view",
    group=SHOP,
    icon="settings",
    list=rows,
    detail=detail,
    template="admin/settings/detail.html",
    columns=(
        Column(name="title", title="Group", main=True),
        Column(name="help", title="What it is about", kind="note"),
    ),
    verbs=(
        Verb(
            name="save", title="Save", permission="settings.edit", schema=_schema,
            initial=_initial, run=_save, place="inline",
        ),
        Verb(
            name="logo", title="Change the logo", permission="settings.edit", schema=_logo_form,
            initial=lambda _: {"icons": True, "ground": "#ffffff"}, run=_logo,
            upload=uploads.BODY,
        ),
    ),
)  # fmt: skip
