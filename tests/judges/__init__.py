"""Outside judges: each module runs one checker that we did not write and returns its findings.

Used twice: ``test_quick.py`` runs the fast ones on every storefront page in ``make test``, and
``tools/judge.py`` runs all of them for the table of ``make judge``. ``test_runners.py`` shows that
each one passes a good page and catches a bad one, so that "no findings" means something.
"""
