"""Proofs of ownership at the root of the shop's address."""

from __future__ import annotations

import pytest
from storegen_plugins.site_verification import SiteVerificationSettings

from storegen.web.app import create_app
from tests.web.shop.browser import Shopper

EXTRA = """
[plugin.site_verification]
files = ["MP_verify_x1.txt x1token", "google12.html google-site-verification: google12.html"]
"""


def test_the_files_are_there_as_they_were_given(plugin_store):
    shop = plugin_store("site_verification", extra=EXTRA)
    shopper = Shopper(create_app(shop), shop)
    assert shopper.get("/MP_verify_x1.txt").body == b"x1token"
    page = shopper.get("/google12.html")
    assert page.body == b"google-site-verification: google12.html"
    assert page.headers["content-type"].startswith("text/plain")
    assert shopper.get("/MP_verify_x2.txt").status == 404


@pytest.mark.parametrize("text", ["../x y", "name-only", ".hidden x", "a/b x"])
def test_a_bad_name_is_refused(text):
    assert SiteVerificationSettings().validate({"files": [text]})
