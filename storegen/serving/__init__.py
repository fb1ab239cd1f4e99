"""Serving a shop: web workers under granian, one supervised job worker, the access log."""
