"""A new shop's settings, delivery, pages and owner, written before its catalog comes in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert

from storegen.domain import settings
from storegen.domain.people.staff import create_owner
from storegen.generate import texts
from storegen.generate.brief import Brief
from storegen.generate.freight_tables import TITLES, standard
from storegen.generate.presets import PRESETS, country, main_currency
from storegen.generate.texts import Words
from storegen.media.artwork.palette import Palette
from storegen.models import ShippingMethod, random_id
from storegen.uow import UnitOfWork
from storegen.values.actor import CLI
from storegen.values.plain import plain
from storegen.values.shipping import FreightTemplate


def set_up(uow: UnitOfWork, brief: Brief, palette: Palette) -> None:
    """What every shop starts with, by its trade and country."""
    preset, home = PRESETS[brief.preset], country(brief.country)
    return_days = max(home.return_days, preset.return_days_at_least)
    brand = {
        "names": dict.fromkeys(brief.locales, brief.name),
        "colour": palette.brand,
        "accent": palette.accent,
    }
    settings.save(uow, CLI, "brand", brand)
    tax = {"prices_include_tax": home.include, "default_bp": home.tax_bp}
    if home.include:
        tax["shipping_bp"] = home.tax_bp
    settings.save(uow, CLI, "tax", tax)
    promises = {"return_days": return_days, "ship_within_hours": preset.ship_within_hours}
    settings.save(uow, CLI, "checkout", promises)
    create_owner(uow, CLI, brief.owner)
    if brief.sample:
        return
    method = standard(preset, brief.country, home, brief.currency, main_currency(brief.country))
    add_methods(uow, [(method, TITLES)], brief.locales)
    drafts = texts.policy_drafts(
        brief.name,
        country=brief.country,
        currency=brief.currency,
        return_days=return_days,
        ship_hours=preset.ship_within_hours,
        payment_minutes=settings.Checkout().payment_minutes,
    )
    texts.write_pages(uow, drafts, brief.locales)


def add_methods(
    uow: UnitOfWork, methods: Sequence[tuple[FreightTemplate, Words]], locales: Sequence[str]
) -> None:
    """Shipping methods with their titles, in the order of the checkout."""
    for position, (template, titles) in enumerate(methods):
        method_id = uow.db.execute(
            insert(ShippingMethod)
            .values(
                public_id=random_id(),
                code=template.code,
                title=texts.in_locale(titles, locales[0]),
                measure=template.by,
                zones=[plain(zone) for zone in template.zones],
                tax_bp=template.tax_bp,
                days=list(template.days or ()),
                pickup=template.pickup,
                position=position,
            )
            .returning(ShippingMethod.id)
        ).scalar_one()
        for locale in locales[1:]:
            title = texts.in_locale(titles, locale)
            texts.translate(uow, "shipping_method", method_id, locale, "title", title)
    uow.touch("shell")
