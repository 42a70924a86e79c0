"""Balances by year too, added up from those by month: a figure of five years then reads five rows and not sixty."""

from typing import Any

from django.db import migrations

MONTH, YEAR = 1, 2
FIRST_DAY = {"sqlite": "substr(start, 1, 4) || '-01-01'", "postgresql": "date_trunc('year', start)::date"}


def add_years(apps: Any, editor: Any) -> None:
    year = FIRST_DAY[editor.connection.vendor]
    editor.execute(
        "INSERT INTO journal_balance (measure_id, node_id, grain, start, quantity, in_year, bare, entries)"
        f" SELECT measure_id, node_id, {YEAR}, {year}, SUM(quantity), SUM(in_year), SUM(bare), SUM(entries)"
        f" FROM journal_balance WHERE grain = {MONTH} GROUP BY measure_id, node_id, {year}"
    )


class Migration(migrations.Migration):

    dependencies = [
        ("journal", "0003_presence_once_for_first_year"),
    ]

    operations = [
        migrations.RunPython(add_years, migrations.RunPython.noop),
    ]
