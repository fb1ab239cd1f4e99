"""JSON-LD: what search engines read of a page (schema.org, by Google's rules for products)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storegen.domain import settings
from storegen.domain.catalog.product_page import ProductPage, VariantView
from storegen.media.sources import picture_sources
from storegen.values.money import to_decimal
from storegen.web.context import Context, gettext

Data = Mapping[str, Any]
_MOST_OFFERS = 100
_AVAILABILITY = {"in": "InStock", "few": "LimitedAvailability", "out": "OutOfStock",
                 "backorder": "BackOrder"}  # fmt: skip
_GTIN_LENGTHS = (8, 12, 13, 14)


def shop(context: Context, name: str) -> tuple[Data, ...]:
    """The shop as a website with a search, and as an organisation."""
    urls = context.urls
    home = urls.absolute(urls.home())
    legal = settings.load(context.db).legal
    organisation: dict[str, Any] = {"@type": "Organization", "name": name, "url": home}
    if legal.company:
        organisation["legalName"] = legal.company
    return (
        {"@context": "https://schema.org", **organisation},
        {
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": name,
            "url": home,
            "inLanguage": context.locale,
        },
    )


def crumbs(context: Context, trail: Sequence[tuple[str, str]]) -> tuple[Data, ...]:
    """``trail``: title and path (without a language's prefix) from below the home page."""
    if not trail:
        return ()
    urls = context.urls
    pairs = [(gettext("Home"), "/"), *trail]
    return (
        {
            "@context": "https://schema.org",
            "@type": "BreadcrumbList",
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": at,
                    "name": title,
                    "item": urls.absolute(urls.prefix + path),
                }
                for at, (title, path) in enumerate(pairs, 1)
            ],
        },
    )


def product(context: Context, shown: ProductPage, description: str) -> Data:
    urls, media = context.urls, context.store.media
    page = urls.absolute(urls.product(shown.handle))
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": shown.title,
        "description": description or shown.title,
        "url": page,
        "productID": shown.public_id,
    }
    pictures = [picture_sources(one.sha, one.renditions, media.url) for one in shown.pictures[:6]]
    if pictures:
        data["image"] = [urls.absolute(each.social or each.src) for each in pictures]
    if shown.vendor:
        data["brand"] = {"@type": "Brand", "name": shown.vendor}
    if shown.product_type:
        data["category"] = shown.product_type
    if len(shown.variants) == 1:
        data |= _codes(shown.variants[0])
    offers = [
        _offer(context, shown, each, page)
        for each in shown.variants[:_MOST_OFFERS]
        if shown.kind not in ("external", "grouped")
    ]
    if offers:
        data["offers"] = offers if len(offers) > 1 else offers[0]
    return data


def _offer(context: Context, shown: ProductPage, variant: VariantView, page: str) -> Data:
    config = context.store.config
    alone = len(shown.variants) == 1
    offer: dict[str, Any] = {
        "@type": "Offer",
        "url": page if alone else f"{page}?variant={variant.public_id}",
        "price": to_decimal(variant.price, config.currency),
        "priceCurrency": config.currency,
        "availability": f"https://schema.org/{_AVAILABILITY[variant.level]}",
        "itemCondition": "https://schema.org/NewCondition",
        **_codes(variant),
    }
    if not alone and variant.title:
        offer["name"] = f"{shown.title} {variant.title}"
    days = settings.load(context.db).checkout.return_days
    if shown.return_class == "seven_days" and days:
        offer["hasMerchantReturnPolicy"] = {
            "@type": "MerchantReturnPolicy",
            "applicableCountry": config.country,
            "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
            "merchantReturnDays": days,
            "returnMethod": "https://schema.org/ReturnByMail",
        }
    return offer


def _codes(variant: VariantView) -> dict[str, str]:
    codes = {"sku": variant.sku} if variant.sku else {}
    if is_gtin(variant.barcode):
        codes["gtin"] = variant.barcode
    return codes


def is_gtin(code: str) -> bool:
    """Whether the barcode is one of GS1's (8, 12, 13 or 14 digits, right check digit)."""
    if len(code) not in _GTIN_LENGTHS or not (code.isascii() and code.isdigit()):
        return False
    weighted = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(reversed(code)))
    return weighted % 10 == 0
