"""A whole shop as one file: `storegen backup` writes it while the shop sells, `storegen restore`
makes a shop of it again, here or elsewhere, on the same kind of database or the other one."""
