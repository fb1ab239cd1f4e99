"""Bytes that only claim to be a picture, or are one that would hurt. Each is refused, quickly."""

from __future__ import annotations

import base64
import contextlib
import gzip
import pickle
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from storegen.errors import PictureRefused
from storegen.media.local import local_picture, read_picture
from storegen.media.pictures import process_picture
from storegen.media.svg import clean_svg

from .make import SVG, encoded, photograph, png_claiming, svg, webp_claiming

PNG = encoded(photograph(64, 64), "PNG")
JPEG = encoded(photograph(64, 64), "JPEG")
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
BILLION_LAUGHS = (
    b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, (b"&%c;" % (97 + i)) * 10) for i in range(9))
    + b']><svg xmlns="http://www.w3.org/2000/svg"><text>&j;</text></svg>'
)
USE_BOMB = svg(
    "<defs><g id='a0'><path d='M0 0h1'/></g>"
    + "".join(
        f"<g id='a{i}'>" + f"<use xlink:href='#a{i - 1}'/>" * 10 + "</g>" for i in range(1, 11)
    )
    + "</defs><use href='#a10'/>"
)
PATTERN_BOMB = svg(
    "<defs><pattern id='p0'><rect width='1' height='1'/></pattern>"
    + "".join(
        f"<pattern id='p{i}'>" + f"<rect fill='url(#p{i - 1})'/>" * 10 + "</pattern>"
        for i in range(1, 11)
    )
    + "</defs><rect fill='url(#p10)'/>"
)

REFUSED = {
    "nothing": (b"", "not-a-picture"),
    "text": (b"hello", "not-a-picture"),
    "a page": (HTML, "not-a-picture"),
    "a page with a drawing": (b"<html><svg xmlns='x'></svg></html>", "not-a-picture"),
    "a page that begins like a PNG": (b"\x89PNG\r\n\x1a\n" + HTML, "broken"),
    "a page that begins like a GIF": (b"GIF89a" + HTML, "broken"),
    "a page that begins like a JPEG": (b"\xff\xd8\xff\xe0" + HTML, "broken"),
    "a page that begins like a WebP": (b"RIFF\x00\x00\x00\x00WEBP" + HTML, "broken"),
    "a page that begins like an AVIF": (b"\x00\x00\x00\x18ftypavif" + HTML, "broken"),
    "a page that begins like a BMP": (b"BM" + HTML, "broken"),
    "a page that begins like a TIFF": (b"II*\x00" + HTML, "broken"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not-a-picture"),
    "PDF": (b"%PDF-1.7\n", "not-a-picture"),
    "an icon": (encoded(Image.new("RGB", (16, 16)), "ICO"), "not-a-picture"),
    "a script": (b"#!/bin/sh\nrm -rf /\n", "not-a-picture"),
    "packed SVG": (gzip.compress(svg("")), "not-a-picture"),
    "half a PNG": (PNG[: len(PNG) // 2], "broken"),
    "half a JPEG": (JPEG[: len(JPEG) // 2], "broken"),
    "20 MB and a byte": (b"\xff\xd8\xff" + bytes(20_000_000), "too-many-bytes"),
    "a PNG of 50,000 × 50,000": (png_claiming(50_000, 50_000), "too-many-pixels"),
    "a PNG of 2³¹ − 1 × 1,000": (png_claiming(2**31 - 1, 1000), "too-many-pixels"),
    "a PNG of 10,000 × 9,000": (png_claiming(10_000, 9_000), "too-many-pixels"),
    "a PNG just over the limit": (png_claiming(10_000, 5_001), "too-many-pixels"),
    "a WebP of 16,383 × 16,383": (webp_claiming(16_383, 16_383), "too-many-pixels"),
    "a strip": (png_claiming(30_000, 10), "shape"),
    "entities": (BILLION_LAUGHS, "broken"),
    "an outer entity": (
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>',
        "broken",
    ),
    "ten thousand million uses": (USE_BOMB, "too-many-pixels"),
    "patterns in patterns": (PATTERN_BOMB, "too-many-pixels"),
    "uses in a circle": (
        svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'),
        "broken",
    ),
    "30,000 elements": (svg("<path/>" * 30_000), "too-many-pixels"),
    "nested 5,000 deep": (svg("<g>" * 5_000 + "</g>" * 5_000), "broken"),
    "a drawing a mile wide": (svg("<path/>", 'width="999999" height="1"'), "shape"),
    "a drawing that is no SVG": (b"<svg><rect/></svg>", "not-a-picture"),
    "a drawing cut short": (svg("<g>")[:-7], "broken"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_the_reason(name: str) -> None:
    data, reason = REFUSED[name]
    begun = time.monotonic()
    with pytest.raises(PictureRefused) as caught:
        process_picture(data)
    assert caught.value.reason == reason
    assert time.monotonic() - begun < 3


@settings(deadline=None, max_examples=60)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF"]),
    place=st.floats(0, 1, exclude_max=True),
    noise=st.binary(min_size=1, max_size=24),
)
def test_damage_is_refused_or_survived_never_a_crash(kind: str, place: float, noise: bytes) -> None:
    data = bytearray(encoded(photograph(48, 48), kind))
    start = int(place * len(data))
    data[start : start + len(noise)] = noise
    with contextlib.suppress(PictureRefused):
        process_picture(bytes(data), widths=(32,))


INSIDE = {
    "script": "<script>alert(1)</script>",
    "handler": '<rect onclick="alert(1)" onload="alert(1)"/>',
    "foreign content": "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
    "link": '<a href="javascript:alert(1)"><rect/></a>',
    "animation": '<set attributeName="href" to="javascript:alert(1)"/>',
    "file": '<image href="file:///etc/passwd"/>',
    "address": '<image xlink:href="http://169.254.169.254/latest"/>',
    "outer use": '<use href="http://example.com/x.svg#a"/>',
    "outer fill": '<rect fill="url(http://example.com/x)"/>',
    "outer fill in a style": "<rect style=\"fill:url('//example.com/x')\"/>",
    "hidden outer fill": r'<rect style="fill:u\72l(http://example.com/x)"/>',
    "import": "<style>@import 'http://example.com/x.css';</style>",
    "rule": "<style>rect{fill:url(http://example.com/x)}</style>",
    "font": "<style>@font-face{src:url(http://example.com/x)}</style>",
    "filter picture": '<filter><feImage href="http://example.com/x"/></filter>',
    "SVG in SVG": (
        f'<image href="data:image/svg+xml;base64,{base64.b64encode(svg("")).decode()}"/>'
    ),
    "page as embedded PNG": (
        f'<image href="data:image/png;base64,{base64.b64encode(HTML).decode()}"/>'
    ),
    "embedded bomb": (
        '<image href="data:image/png;base64,'
        f'{base64.b64encode(png_claiming(50_000, 50_000)).decode()}"/>'
    ),
    "processing instruction": '<?xml-stylesheet href="http://example.com/x.css"?>',
    "comment": "<!-- http://example.com -->",
}
FORBIDDEN = (
    b"script", b"alert", b"onclick", b"onload", b"foreign", b"example", b"passwd", b"169.254",
    b"import", b"feImage", b"data:", b"xml-stylesheet", b"<set", b"url(",
)  # fmt: skip


@pytest.mark.parametrize("name", INSIDE)
def test_a_drawing_loses_what_reaches_out_and_keeps_the_rest(name: str) -> None:
    clean = clean_svg(svg(f'{INSIDE[name]}<circle r="7"/>'))
    for trace in FORBIDDEN:
        assert trace not in clean
    assert b'circle r="7"' in clean


def test_what_designers_use_stays() -> None:
    picture = base64.b64encode(PNG).decode()
    inside = (
        "<style>.a{fill:#123456} @media print{.a{fill:red}} .b{fill:url(#g)}</style>"
        '<linearGradient id="g"><stop offset="1" stop-color="red"/></linearGradient>'
        '<rect class="a" style="opacity:.5"/><use xlink:href="#g"/><path fill="url(\'#g\')"/>'
        f'<image href="data:image/png;base64,{picture}"/>'
    )
    clean = clean_svg(svg(inside)).decode()
    for kept in (
        ".a{fill:#123456}", ".b{fill:url(#g)}", 'stop-color="red"', 'style="opacity:.5"',
        'href="#g"', "url('#g')", picture,
    ):  # fmt: skip
        assert kept in clean
    assert "print" not in clean


def test_a_document_type_is_no_harm() -> None:
    head = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">'
    assert process_picture(head + svg("<path d='M0 0h9v9z'/>")).width == 1600


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="10mm" height="5mm"', (1600, 800)),
        ('viewBox="0 0 3 4"', (1200, 1600)),
        ('width="50%" height="50%" viewBox="0,0,10,10"', (1600, 1600)),
        ('width="-5" height="nonsense"', (1600, 1600)),
    ],
)
def test_a_drawing_gets_its_size_from_what_it_says(attributes: str, size: tuple[int, int]) -> None:
    result = process_picture(svg('<rect width="9" height="9"/>', attributes))
    assert (result.width, result.height) == size


def test_a_namespace_prefix_is_no_way_around() -> None:
    data = f'<s:svg xmlns:s="{SVG}"><s:script>alert(1)</s:script><s:g s:onload="x"/></s:svg>'
    assert b"alert" not in clean_svg(data.encode())
    assert b"onload" not in clean_svg(data.encode())


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("../secret.jpg", "outside"),
        ("images/../../secret.jpg", "outside"),
        ("..\\secret.jpg", "outside"),
        ("/etc/passwd", "outside"),
        ("link/secret.jpg", "outside"),
        ("gone.jpg", "missing"),
        ("images", "missing"),
        ("", "missing"),
        ("a\x00.jpg", "missing"),
    ],
)
def test_a_catalog_reaches_only_its_own_folder(tmp_path: Path, reference: str, reason: str) -> None:
    folder = tmp_path / "catalog"
    (folder / "images").mkdir(parents=True)
    (tmp_path / "secret.jpg").write_bytes(JPEG)
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(PictureRefused) as caught:
        local_picture(folder, reference)
    assert caught.value.reason == reason


def test_a_file_of_the_catalog_is_found_and_read(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "茶 1.jpg").write_bytes(JPEG)
    assert read_picture(local_picture(tmp_path, " images\\茶 1.jpg ")) == JPEG


@pytest.mark.parametrize("path", ["/dev/zero", "/nowhere/at/all.jpg"])
def test_devices_and_missing_files_are_not_read(path: str) -> None:
    with pytest.raises(PictureRefused, match="missing"):
        read_picture(Path(path))


def test_a_refusal_survives_the_way_from_a_worker() -> None:
    assert pickle.loads(pickle.dumps(PictureRefused("shape"))).data() == {"reason": "shape"}
