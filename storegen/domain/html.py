"""Product and page HTML made safe: an allow-list, applied where text comes in."""

from __future__ import annotations

import re

import nh3

_PLAIN = (
    "a abbr b bdi blockquote br caption cite code col colgroup dd del details dfn div dl dt em "
    "figcaption figure h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small "
    "span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr"
)
# Only what is valid in today's HTML and needs no style: a page keeps its look and its checkers.
_ATTRIBUTES = {
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_PIXELS = re.compile(r"[1-9][0-9]{0,4}")
# What nh3 writes is well-formed, so these see every tag and nothing else: "<" and ">" inside of
# attributes and text come out escaped, or do not look like these.
_H1 = re.compile(r"<(/?)h1(?=[\s>])")
_IMG = re.compile(r"<img\b((?:\s+[a-z-]+=\"[^\"]*\")*)\s*>")


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name in ("width", "height", "colspan", "rowspan", "span"):
        return value if _PIXELS.fullmatch(value) else None
    if name == "start":
        return value if re.fullmatch(r"-?[0-9]{1,6}", value) else None
    if name == "scope":
        return value if value in ("row", "col", "rowgroup", "colgroup") else None
    return value


_CLEANER = nh3.Cleaner(
    tags={*_PLAIN.split(), "h1"},
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="nofollow noopener",
    clean_content_tags={"script", "style", "iframe", "object", "template", "svg", "math"},
)


def clean_html(text: str) -> str:
    """``text`` without anything that could run, load a frame or restyle the page.

    The same text again gives the same result. A page has one first heading, its title, so an
    ``h1`` becomes an ``h2``; a picture without a text alternative gets an empty one.
    """
    if "<" not in text and "&" not in text and ">" not in text:
        return text.replace("\0", "")
    cleaned = _CLEANER.clean(text.replace("\0", ""))
    return _IMG.sub(_with_alt, _H1.sub(r"<\1h2", cleaned))


def _with_alt(found: re.Match[str]) -> str:
    attributes = found[1]
    if ' src="' not in attributes:
        return ""
    return found[0] if ' alt="' in attributes else f'<img{attributes} alt="">'


def plain_text(text: str, length: int = 160) -> str:
    """The words of an HTML text, cut at a word: for descriptions in searches and previews."""
    words = " ".join(_STRIPPER.clean(_BREAK.sub(r" \g<0>", text)).split())
    for entity, sign in _ENTITIES.items():
        words = words.replace(entity, sign)
    if len(words) <= length:
        return words
    cut = words[: length - 1]
    head, _, tail = cut.rpartition(" ")
    # Chinese has no spaces to cut at.
    return (head if head and len(tail) < 20 else cut).rstrip(" ,;，；、") + "…"


_STRIPPER = nh3.Cleaner(tags=set(), clean_content_tags={"script", "style"})
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?li|/?h[1-6]|/?t[dr])\b", re.IGNORECASE)
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": " ", "&amp;": "&"}
