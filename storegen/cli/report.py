"""What an import made and left out, in words; on standard error, so that standard output stays
for programs."""

from __future__ import annotations

import click

from storegen.generate.report import ImportReport

_SHOWN = 20


def tell(report: ImportReport) -> None:
    """Counts, then the rows that were left out and why, then pictures that could not be had."""
    say(
        f"  {report.products} products, {report.variants} variants, {report.images} pictures"
        f" in {report.seconds:.1f} s"
    )
    if report.artwork:
        say(f"  {report.artwork} products without a picture got one drawn in the brand's colours")
    if report.skipped:
        say(f"  {report.skipped} things in the catalog were left out:")
        for each in report.problems[:_SHOWN]:
            where = f"row {each.row}, " if each.row else ""
            column = f"{each.column}: " if each.column else ""
            value = f" ({each.value})" if each.value else ""
            say(f"    {each.file}, {where}{column}{each.reason}{value}")
        if report.skipped > _SHOWN:
            say(f"    … and {report.skipped - _SHOWN} more; --json lists them")
    if report.lost_pictures:
        reasons = ", ".join(f"{n} {why}" for why, n in report.lost_reasons.most_common())
        say(f"  {report.lost_pictures} pictures could not be had ({reasons}):")
        for lost in report.lost[:3]:
            say(f"    {lost.product}: {lost.source}")


def say(text: str) -> None:
    click.echo(text, err=True)
