"""One product: its form with variants and languages, its pictures, its place on sale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from storegen.domain.catalog import bulk_editing, gallery_editing, missing_pictures, product_editing
from storegen.domain.catalog.product_editing import ProductEdit, VariantEdit, read_product
from storegen.web.admin import fields, labels, uploads
from storegen.web.admin.registry import Ask, Call, Done, Verb
from storegen.web.context import gettext

LEAST_OPTIONS = 3
_STATES = tuple((code, labels.STATES[code][0]) for code in product_editing.STATUSES)


def _options(ask: Ask) -> list[str]:
    """The names of the options, with room for new ones."""
    names = list(read_product(ask.uow, ask.key).edit.options) if ask.key else []
    return names + [""] * max(0, LEAST_OPTIONS - len(names))


def _variant(ask: Ask, names: list[str]) -> Schema:
    currency = ask.store.config.currency
    values = {
        f"value{number}": fields.text(
            name or gettext("Option %(number)s", number=number), 255, width="option"
        )
        for number, name in enumerate(names, 1)
    }
    return fields.form(
        key=fields.text("Key", 32, widget="hidden"),
        **values,
        price=fields.money("Price", currency),
        compare_at=fields.money("Compare-at price", currency, empty=True),
        on_hand=fields.number("On hand", -(10**9), 10**9, empty=True),
        shown=fields.text("Shown", 20, widget="hidden"),
        sku=fields.text("SKU", 255),
        barcode=fields.text("Barcode", 64),
        weight=fields.grams("Weight"),
        cost=fields.money("Cost", currency, empty=True),
        tax_code=fields.text("Tax code", 64),
        tracked=fields.flag("Count stock", preset=True),
        backorder=fields.flag("Sell when out of stock"),
        taxable=fields.flag("Taxed", preset=True),
        requires_shipping=fields.flag("Is shipped", preset=True),
    )


def _form(ask: Ask) -> Schema:
    locales, names = ask.store.config.locales, _options(ask)
    options = {
        f"option{number}": fields.text(
            gettext("Option %(number)s", number=number),
            80,
            group="Options and variants",
            help="Such as size or colour; empty if there is no choice." if number == 1 else "",
        )
        for number in range(1, len(names) + 1)
    }
    return fields.form(
        title=fields.texts("Title", locales, 500, group="Words"),
        description=fields.texts(
            "Description", locales, 200_000, widget="html", group="Words",
            help="HTML: headings, lists, links and tables are kept, everything else is taken out.",
        ),
        status=fields.choice("State", _STATES, group="Place in the shop"),
        return_class=fields.choice("Returns", labels.RETURN_CLASSES, group="Place in the shop"),
        category=fields.text(
            "Category", 500, group="Place in the shop", help="A path: Tea > Green tea."
        ),
        product_type=fields.text("Type", 255, group="Place in the shop"),
        vendor=fields.text("Brand or maker", 255, group="Place in the shop"),
        tags=fields.words("Tags", group="Place in the shop", help="With commas between them."),
        **options,
        variants=fields.rows(
            "Variants",
            _variant(ask, names),
            spare=1,
            one="Variant",
            add="Another variant",
            group="Options and variants",
        ),
        handle=fields.text(
            "Web address",
            100,
            group="Search engines",
            help="Made from the title if it is left empty.",
        ),
        seo_title=fields.texts("Title in searches", locales, 500, group="Search engines"),
        seo_description=fields.texts(
            "Description in searches", locales, 2000, widget="textarea", group="Search engines"
        ),
    )  # fmt: skip


def _initial(ask: Ask) -> Mapping[str, Any]:
    if not ask.key:
        return {"status": "draft", "return_class": "seven_days"}
    edit = read_product(ask.uow, ask.key).edit
    return {
        **{name: getattr(edit, name) for name in _PLAIN},
        "tags": list(edit.tags),
        **{f"option{number}": name for number, name in enumerate(edit.options, 1)},
        "variants": [
            {
                **{name: getattr(each, name) for name in _VARIANT},
                "shown": str(each.on_hand),
                **{f"value{number}": text for number, text in enumerate(each.option_values, 1)},
            }
            for each in edit.variants
        ],
    }


_PLAIN = (
    "title", "description", "seo_title", "seo_description", "handle", "vendor", "product_type",
    "category", "status", "return_class",
)  # fmt: skip
_VARIANT = (
    "key", "sku", "price", "compare_at", "cost", "weight", "barcode", "taxable", "tax_code",
    "requires_shipping", "tracked", "backorder", "on_hand",
)  # fmt: skip


def _edit(values: Mapping[str, Any]) -> ProductEdit:
    numbers = [number for number in range(1, 100) if f"option{number}" in values]
    used = [number for number in numbers if values[f"option{number}"]]
    return ProductEdit(
        **{name: values[name] for name in _PLAIN},
        tags=tuple(values["tags"]),
        options=tuple(values[f"option{number}"] for number in used),
        variants=[_variant_edit(each, used) for each in values["variants"]],
    )


def _variant_edit(given: Mapping[str, Any], used: list[int]) -> VariantEdit:
    values: dict[str, Any] = {name: given[name] for name in _VARIANT}
    # What the form showed is not what staff typed: units sold meanwhile stay sold.
    if given["key"] and str(given["on_hand"]) == given["shown"]:
        values["on_hand"] = None
    return VariantEdit(**values, option_values=tuple(given[f"value{number}"] for number in used))


def _save(call: Call) -> Done:
    edit = _edit(call.values)
    key = call.store.transact(
        lambda uow: product_editing.save_product(uow, call.actor, edit, call.key)
    )
    return Done(said="The product is saved.", key=key)


def _status(status: str, said: str) -> Any:
    def run(call: Call) -> Done:
        call.store.transact(
            lambda uow: bulk_editing.set_status(uow, call.actor, [call.key], status)
        )
        return Done(said=said)

    return run


def _add_picture(call: Call) -> Done:
    given = call.values
    taken = uploads.take_picture(call.store, given["picture"])
    call.store.transact(
        lambda uow: gallery_editing.add_picture(
            uow, call.actor, call.key, taken.media_id, given["alt"]
        )
    )
    return Done(said="The picture is added.")


def _change_picture(call: Call) -> Done:
    given = call.values
    call.store.transact(
        lambda uow: gallery_editing.change_picture(
            uow, call.actor, call.key, given["image"], alt=given["alt"], place=given["place"]
        )
    )
    return Done(said="The picture is changed.")


def _remove_picture(call: Call) -> Done:
    image = call.values["image"]
    call.store.transact(
        lambda uow: gallery_editing.remove_picture(uow, call.actor, call.key, image)
    )
    return Done(said="The picture is taken out.")


def _fetch_pictures(call: Call) -> Done:
    call.store.transact(lambda uow: missing_pictures.try_again_now(uow, call.actor))
    return Done(
        said="The missing pictures are being fetched. Look again in a minute.", to="products"
    )


PERMISSION = product_editing.PERMISSION
CREATE = Verb(
    name="new", title="New product", permission=PERMISSION, schema=_form, initial=_initial,
    run=_save,
)  # fmt: skip
VERBS = (
    Verb(
        name="publish", title="Put on sale", permission=PERMISSION,
        run=_status("active", "The product is on sale."),
    ),
    Verb(
        name="archive", title="Archive", permission=PERMISSION, danger=True,
        confirm="The product leaves the shop. Orders keep it, and it can come back.",
        run=_status("archived", "The product is archived."),
    ),
    Verb(
        name="save", title="Save", permission=PERMISSION, schema=_form, initial=_initial,
        run=_save, place="inline",
    ),
    Verb(
        name="fetch-pictures", title="Try again now", permission=PERMISSION, place="hidden",
        run=_fetch_pictures,
    ),
    Verb(
        name="add-picture", title="Add a picture", permission=PERMISSION, place="hidden",
        upload=uploads.BODY, run=_add_picture,
        schema=lambda _: fields.form(
            picture=fields.upload("Picture", uploads.MOST_BYTES),
            alt=fields.text("What it shows", 500),
        ),
    ),
    Verb(
        name="change-picture", title="Change a picture", permission=PERMISSION, place="hidden",
        run=_change_picture,
        schema=lambda _: fields.form(
            image=fields.number("Picture", 1, 10**15),
            alt=fields.text("What it shows", 500),
            place=fields.number("Place", 1, 1000),
        ),
    ),
    Verb(
        name="remove-picture", title="Take a picture out", permission=PERMISSION, place="hidden",
        run=_remove_picture,
        schema=lambda _: fields.form(image=fields.number("Picture", 1, 10**15)),
    ),
)  # fmt: skip
