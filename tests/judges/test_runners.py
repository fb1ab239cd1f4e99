"""Each judge passes a good page and catches a bad one; else its silence proves nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import sync_playwright

from tests.judges import axe, csp, jsonld, links, nu, openapi, sitemap
from tests.judges.findings import listing
from tests.judges.machine import CHROMIUM_ARGUMENTS, ToolMissing, chromium, need, program

pytestmark = pytest.mark.judge

Answer = tuple[int, str, str]
GOOD_POLICY = "default-src 'none'; script-src 'self'; img-src 'self'; base-uri 'none'"
GOOD = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>青瓷茶杯</title></head>
<body><main><h1 id="top">青瓷茶杯</h1><p><a href="/b#top">Next</a></p>
<form action="/s"><label for="q">Search</label> <input id="q" name="q"></form></main></body>
</html>"""


@pytest.fixture
def site() -> Iterator[Callable[[dict[str, Answer]], str]]:
    """Call it with path → (status, content type, body): serves only these, returns its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(answers: dict[str, Answer]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                status, kind, body = answers.get(path, (404, "text/plain", "not here"))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Security-Policy", GOOD_POLICY)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *arguments: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_axe_runs_under_a_strict_policy(site: Callable[[dict[str, Answer]], str]) -> None:
    need("chromium")
    need("node_modules")
    bad = GOOD.replace('<label for="q">Search</label>', "").replace(' lang="zh-CN"', "")
    base = site({"/good": (200, "text/html", GOOD), "/bad": (200, "text/html", bad)})
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS)
        )
        page = browser.new_page()
        page.goto(f"{base}/good")
        assert axe.violations(page) == []
        page.goto(f"{base}/bad")
        assert {finding.rule for finding in axe.violations(page)} == {"label", "html-has-lang"}
        assert [found.rule for found in axe.violations(page, rules=("label",))] == ["label"]
        browser.close()


def test_nu_names_the_page_of_an_error() -> None:
    need("java")
    need("node_modules")
    bad = GOOD.replace("<p>", "<p><div>").replace("</p>", "</div></p>")
    found = nu.check({"/good": GOOD.encode(), "/bad?a=1&b=2": bad.encode()})
    assert {finding.url for finding in found} == {"/bad?a=1&b=2"}
    assert nu.check({}) == []


def test_links_follow_pages_anchors_and_style_sheets(
    site: Callable[[dict[str, Answer]], str],
) -> None:
    need("node_modules")
    other = GOOD.replace("/b#top", "/").replace(
        "<title>", '<link rel="stylesheet" href="/c.css"><title>'
    )
    css = "main { background: url(/missing.png) }"
    pages = {
        "/": (200, "text/html", GOOD),
        "/b": (200, "text/html", other),
        "/c.css": (200, "text/css", "main { color: red }"),
    }
    checked, found = links.broken(site(pages))
    assert found == [], listing(found)
    assert checked == 3
    base = site({**pages, "/c.css": (200, "text/css", css)})
    assert [finding.url for finding in links.broken(base)[1]] == [f"{base}/missing.png"]
    base = site({**pages, "/b": (200, "text/html", other.replace('id="top"', ""))})
    assert [finding.url for finding in links.broken(base)[1]] == [f"{base}/b#top"]
    # What leaves the shop is left alone, and so is what the caller skips.
    base = site({"/": (200, "text/html", GOOD.replace("/b#top", "http://127.0.0.1:9/x"))})
    assert links.broken(base)[1] == []
    base = site({"/": (200, "text/html", GOOD)})
    assert links.broken(base)[1]
    assert links.broken(base, skip=["/b"])[1] == []


def product(**changes: object) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": "青瓷茶杯",
        "image": ["https://shop.example/cup.webp"],
        "offers": {
            "@type": "Offer",
            "price": "19.99",
            "priceCurrency": "CNY",
            "availability": "https://schema.org/InStock",
        },
        **changes,
    }
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    return GOOD.replace("</head>", f"{script}</head>")


def test_structured_data() -> None:
    need("node_modules")
    types, found = jsonld.check({"/p": product(), "/plain": GOOD})
    assert types == {"/p": ["Product"], "/plain": []}
    assert found == [], listing(found)
    for bad in (product(name=None), product(offers={"@type": "Offer"}), product(colr="green")):
        assert jsonld.check({"/bad": bad})[1], bad


def test_content_security_policy() -> None:
    need("node_modules")
    assert csp.check({"/": GOOD_POLICY + "; object-src 'none'"}) == []
    assert [found.rule for found in csp.check({"/none": ""})] == ["missing"]
    inline = GOOD_POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
    assert [(found.url, found.rule) for found in csp.check({"/": inline})] == [("/", "script-src")]


def test_sitemap_schema_knows_languages_and_pictures() -> None:
    need("xmllint")
    good = """<?xml version="1.0" encoding="UTF-8"?>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"
      xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>https://shop.example/p</loc>
      <lastmod>2026-01-31</lastmod>
      <xhtml:link rel="alternate" hreflang="en" href="https://shop.example/en/p"/>
      <image:image><image:loc>https://shop.example/p.webp</image:loc></image:image></url></urlset>"""
    assert sitemap.check("/sitemap.xml", good.encode()) == []
    for bad in (
        good.replace("2026-01-31", "31.1.2026"),
        good.replace('hreflang="en" ', ""),
        good.replace("urlset", "set"),
    ):
        assert sitemap.check("/sitemap.xml", bad.encode())


def described(schema: dict[str, object]) -> str:
    answer = {"description": "ok", "content": {"application/json": {"schema": schema}}}
    return json.dumps(
        {
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {"/thing": {"get": {"responses": {"200": answer}}}},
        }
    )


def test_openapi_document() -> None:
    assert openapi.check("/openapi.json", json.loads(described({"type": "integer"}))) == []
    assert openapi.check("/openapi.json", json.loads(described({"type": "money"})))


def test_schemathesis_catches_a_broken_promise(
    site: Callable[[dict[str, Answer]], str],
) -> None:
    thing = (200, "application/json", "7")
    good = site({"/o": (200, "application/json", described({"type": "integer"})), "/thing": thing})
    bad = site({"/o": (200, "application/json", described({"type": "string"})), "/thing": thing})
    options = ("--checks", "response_schema_conformance")
    assert openapi.fuzz(f"{good}/o", examples=2, options=options) == []
    (finding,) = openapi.fuzz(f"{bad}/o", examples=2, options=options)
    assert "7 is not of type" in finding.message


def test_a_missing_tool_is_loud_here_and_an_error_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ToolMissing, match="no-such-judge"):
        program("no-such-judge")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI skips nothing"):
        need("no-such-judge")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="NOT JUDGED"):
        need("no-such-judge")
