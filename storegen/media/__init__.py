"""Pictures: from any bytes an owner has to what a page may serve.

`fetch` gets remote ones, `pictures` turns bytes into renditions, `pool` does many at once,
`storage` keeps them, `sources` says what a template writes. `artwork` draws where there is none.
This package knows no database; its callers record what it returns.
"""
