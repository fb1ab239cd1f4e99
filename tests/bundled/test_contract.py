"""The bundled plugins keep what is asked of everybody's."""

from __future__ import annotations

import pytest
import storegen_plugins.carriers_cn as carriers_cn
import storegen_plugins.gift_wrap as gift_wrap
import storegen_plugins.promotions as promotions
import storegen_plugins.site_verification as site_verification
import storegen_plugins.sms_webhook as sms_webhook
import storegen_plugins.tax_regions as tax_regions

from storegen.testing import assert_plugin_contract

PLUGINS = (carriers_cn, gift_wrap, promotions, site_verification, sms_webhook, tax_regions)


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.manifest.name)
def test_it_keeps_the_contract(plugin):
    assert_plugin_contract(plugin)
