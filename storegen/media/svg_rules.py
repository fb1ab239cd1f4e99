"""Which parts of SVG a picture from outside may use. Everything else is left out."""

from __future__ import annotations

import base64
import binascii
import re
from xml.etree.ElementTree import Element

from storegen.errors import PictureRefused

NAMESPACE = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"

_ELEMENTS = frozenset(
    """
    svg g defs symbol use title desc style switch
    path rect circle ellipse line polyline polygon text tspan textPath image
    linearGradient radialGradient stop pattern clipPath mask marker
    filter feBlend feColorMatrix feComponentTransfer feComposite feDropShadow feFlood
    feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode
    feMorphology feOffset feTile feTurbulence
    """.split()  # noqa: SIM905  (as a list it is a page long)
)
_ATTRIBUTES = frozenset(
    """
    id class style transform viewBox preserveAspectRatio version x y x1 y1 x2 y2 cx cy r rx ry
    fx fy fr d points pathLength width height dx dy rotate textLength lengthAdjust startOffset
    offset gradientUnits gradientTransform
    spreadMethod patternUnits patternContentUnits patternTransform
    clipPathUnits maskUnits maskContentUnits mask-type markerUnits markerWidth markerHeight orient
    refX refY filterUnits primitiveUnits in in2 result mode type values operator k1 k2 k3 k4 radius
    stdDeviation flood-color flood-opacity tableValues slope intercept amplitude exponent
    baseFrequency numOctaves seed stitchTiles systemLanguage
    fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-dasharray stroke-dashoffset opacity color display visibility
    overflow clip-path clip-rule mask filter marker marker-start marker-mid marker-end
    stop-color stop-opacity paint-order vector-effect mix-blend-mode isolation
    shape-rendering text-rendering image-rendering color-interpolation color-interpolation-filters
    font-family font-size font-style font-weight font-variant font-stretch text-anchor
    text-decoration letter-spacing word-spacing writing-mode baseline-shift dominant-baseline
    alignment-baseline
    """.split()  # noqa: SIM905  (as a list it is a page long)
)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INNER_URL = re.compile(r"""url\(\s*(?:"#[\w.:-]+"|'#[\w.:-]+'|#[\w.:-]+)\s*\)""", re.IGNORECASE)
INNER_REFERENCE = re.compile(r"""url\(\s*["']?#([\w.:-]+)""", re.IGNORECASE)
_INNER_HREF = re.compile(r"#[\w.:-]+")
_EMBEDDED = re.compile(r"data:image/(?:png|jpe?g|webp|gif);base64,([A-Za-z0-9+/=\s]*)")
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def is_allowed(tag: str) -> bool:
    namespace, _, name = tag.removeprefix("{").rpartition("}")
    return namespace == NAMESPACE and name in _ELEMENTS


def allowed_attributes(element: Element) -> dict[str, str]:
    """The attributes that stay. Names from other namespaces go, but for links inside."""
    name = element.tag.rpartition("}")[2]
    kept = {}
    for key, value in element.attrib.items():
        if key in ("href", f"{{{XLINK}}}href"):
            if _link_stays(name, value):
                kept[key] = value
        elif key == _XML_SPACE or (key in _ATTRIBUTES and _is_plain(value)):
            kept[key] = value
    return kept


def allowed_style(css: str) -> str:
    """The rules of a `<style>` without at-rules and without rules that reach outside."""
    kept, depth, start = [], 0, 0
    css = _COMMENT.sub(" ", css)
    for place, character in enumerate(css):
        if character == "{":
            depth += 1
        elif character == "}":
            depth = max(0, depth - 1)
        elif not (character == ";" and depth == 0):
            continue
        if depth == 0:
            rule = css[start : place + 1].strip()
            start = place + 1
            if "@" not in rule and character == "}" and _is_plain(rule):
                kept.append(rule)
    return "\n".join(kept)


def _is_plain(value: str) -> bool:
    """True unless a value names something outside; escapes could hide that, so they go too."""
    rest = _INNER_URL.sub("", value).lower()
    return not any(mark in rest for mark in ("url", "\\", "expression", "javascript:", "@import"))


def _link_stays(element: str, value: str) -> bool:
    if element == "image":
        return _is_small_picture(value.strip())
    return bool(_INNER_HREF.fullmatch(value.strip()))


def _is_small_picture(value: str) -> bool:
    """A picture inside the picture passes the same checks as one outside."""
    from storegen.media.decode import check_embedded

    found = _EMBEDDED.fullmatch(value)
    if not found:
        return False
    try:
        check_embedded(base64.b64decode("".join(found[1].split()), validate=True))
    except (binascii.Error, PictureRefused):
        return False
    return True
