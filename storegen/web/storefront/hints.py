"""What a quote did not do, in words: what is missing for a reduction, and why one is not used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from storegen.values.pricing import Adjustment, Quote
from storegen.web.context import current, gettext, ngettext

MOST = 6


def of_quote(quote: Quote) -> list[str]:
    """Sentences for the customer, those that spare money first; at most `MOST`."""
    found = sorted(_of_quote(quote), key=lambda hint: hint[0])
    return list(dict.fromkeys(text for _, text in found))[:MOST]


def _of_quote(quote: Quote) -> Iterator[tuple[int, str]]:
    titles = {each.source: str(each.data.get("title", "")) for each in quote.adjustments}
    for step in quote.adjustments:
        title = titles[step.source]
        if step.reason == "offer-ended":
            yield 0, gettext("The price that you chose is not offered any more.")
        elif title and step.applied and "next" in step.data:
            yield (
                2,
                _say(gettext("%(title)s: spend %(amount)s more and save more."), step, "missing"),
            )
        elif title and step.applied and step.data.get("short"):
            yield 1, gettext("%(title)s: there are not enough gifts left.", title=title)
        elif title and not step.applied and not step.data.get("own_words"):
            yield from _not_applied(step, titles)


def _not_applied(step: Adjustment, titles: dict[str, str]) -> Iterator[tuple[int, str]]:
    title = titles[step.source]
    match step.reason:
        case "below-minimum":
            yield 1, _say(gettext("%(title)s: spend %(amount)s more."), step, "missing")
        case "too-few-pieces":
            count = int(step.data["missing"])
            yield (
                1,
                ngettext(
                    "%(title)s: one more piece.",
                    "%(title)s: %(num)s more pieces.",
                    count,
                    title=title,
                ),
            )
        case "bundle-incomplete":
            yield 3, gettext("%(title)s: a part of the set is not in your cart yet.", title=title)
        case "gift-out-of-stock":
            yield 1, gettext("%(title)s: the gift is sold out.", title=title)
        case "better-in-group" | "not-combinable" | "better-offer":
            winner = titles.get(str(step.data.get("winner", "")), "")
            if winner:
                yield (
                    3,
                    gettext(
                        "%(title)s is not used: %(winner)s is better for you.",
                        title=title,
                        winner=winner,
                    ),
                )
        case "too-many-pieces":
            yield (
                1,
                gettext(
                    "%(title)s holds for at most %(maximum)s pieces.",
                    title=title,
                    maximum=step.data["maximum"],
                ),
            )


def _say(text: str, step: Adjustment, name: str) -> str:
    values: dict[str, Any] = {
        "title": step.data["title"],
        "amount": current().money(int(step.data[name])),
    }
    return text % values
