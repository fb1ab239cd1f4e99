"""What an import made and left out, in words; on standard error, so that standard output stays
for programs."""

from __future__ import annotations

import click

from storegen.generate.report import ImportReport

_SHOWN = 20
_LOST_SHOWN = 3
_LOST = {  # codes of `PictureUnreachable`, and of files
    "missing": "no such file beside the catalog",
    "address": "not an http or https address",
    "credentials": "the address holds a password",
    "port": "the address names a port that is not allowed",
    "name": "no such host, or no network",
    "not-public": "the host is not on the public internet",
    "redirects": "redirected too often",
    "status": "the server answered with an error",
    "timeout": "the server took too long",
    "network": "the connection failed",
    "too-many-bytes": "the picture is too large",
    "not-a-picture": "what came is no picture",
    "host-skipped": "not tried, since their host had failed before",
    "budget": "not tried, since the time for pictures was used up",
}


def tell(report: ImportReport, known: int = 0) -> None:
    """Counts (``known``: products that were in the shop before), then the rows that were left
    out and why, then pictures that could not be had."""
    parts = f" ({report.new} new, {known} there before)" if known else ""
    say(
        f"  {report.products} products{parts}, {report.variants} variants, {report.images} pictures"
        f" in {report.seconds:.1f} s"
    )
    if report.artwork:
        say(f"  {report.artwork} products without a picture got one drawn in the brand's colours")
    if report.skipped:
        say(f"  {report.skipped} things in the catalog were left out:")
        for each in sorted(report.problems, key=lambda one: (one.file, one.row))[:_SHOWN]:
            where = f"row {each.row}, " if each.row else ""
            column = f"{each.column}: " if each.column else ""
            value = f" ({each.value})" if each.value else ""
            say(f"    {each.file}, {where}{column}{each.reason}{value}")
        if report.skipped > _SHOWN:
            say(f"    … and {report.skipped - _SHOWN} more; --json lists them")
    if report.lost_pictures:
        say(f"  {report.lost_pictures} pictures could not be had:")
        for why, number in report.lost_reasons.most_common():
            say(f"    {number}: {_LOST.get(why, why)}")
        for lost in report.lost[:_LOST_SHOWN]:
            say(f"    {lost.product}: {lost.source}")
        if report.lost_pictures > _LOST_SHOWN:
            say(f"    … and {report.lost_pictures - _LOST_SHOWN} more; --json lists them")


def say(text: str) -> None:
    click.echo(text, err=True)
