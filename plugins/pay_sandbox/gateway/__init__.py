"""The sandbox gateway: what a payment provider is to a shop, in small.

Its own WSGI application with its own database. A shop reaches it by signed HTTP, a customer by
the pay page. Serve it with ``python -m storegen_plugins.pay_sandbox.gateway``, or in a test with
`running`.
"""

from storegen_plugins.pay_sandbox.gateway.gateway import Gateway
from storegen_plugins.pay_sandbox.gateway.merchants import Merchant, read_merchants
from storegen_plugins.pay_sandbox.gateway.server import running
from storegen_plugins.pay_sandbox.gateway.wsgi import create_app

__all__ = ["Gateway", "Merchant", "create_app", "read_merchants", "running"]
