"""After each migrate: the measures' rules are held against what was released, and the guards are put back."""

from __future__ import annotations

from typing import Any

from django.db import connection

from lianqiao.journal import guards
from lianqiao.journal.measures import MEASURES, Measure
from lianqiao.journal.models import MeasureRow, MeasureVersion


class RuleChanged(RuntimeError):
    """A released measure's rule was changed in place instead of by a new version."""


def after_migrate(**_: Any) -> None:
    """Receiver of post_migrate; does nothing while the journal's tables are not there (a partial migrate)."""
    if MeasureVersion._meta.db_table in connection.introspection.table_names():
        register_all()
        guards.install(connection)


def register_all() -> None:
    """Records new measures and versions. Raises RuleChanged where the code says otherwise than what was released."""
    rows = {row.code: row for row in MeasureRow.objects.prefetch_related("versions")}
    declared = [m for m in MEASURES.values() if isinstance(m, Measure)]
    MeasureRow.objects.bulk_create([MeasureRow(code=m.code) for m in declared if m.code not in rows])
    ids = dict(MeasureRow.objects.values_list("code", "id"))
    released = {(v.measure.code, v.version): v.rule for v in MeasureVersion.objects.select_related("measure")}
    fresh = []
    for measure in declared:
        for version in measure.versions:
            rule, known = measure.rule(version), released.get((measure.code, version.number))
            if known is None:
                fresh.append(
                    MeasureVersion(measure_id=ids[measure.code], version=version.number, since=version.since, rule=rule)
                )
            elif known != rule:
                raise RuleChanged(
                    f"{measure.code} v{version.number}: released as {known}, now {rule}; declare a new version"
                )
    MeasureVersion.objects.bulk_create(fresh)
