"""Many rows in one statement: what Django's bulk_create does ten times slower."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import batched, chain
from operator import attrgetter
from typing import Any, cast

from django.db import connection
from django.db import transaction as database
from django.db.models import DateField, DateTimeField, Field, JSONField, Model

MOST_VALUES = 10_000  # in one statement, on SQLite
MOST_ROWS = 50_000  # in one statement, on PostgreSQL
Row = Sequence[Any]
Adapter = Callable[[Any], Any]


def insert(model: type[Model], fields: Sequence[str], rows: Iterable[Row]) -> None:
    """Inserts rows of plain values (ints, text, dates) in the order of the model's field names.

    Raises what the database refuses as django.db.DatabaseError.
    """
    held = [field_of(model, name) for name in fields]
    put(model, held, adapted(rows, [adapter(field) for field in held]))


def insert_new(instances: Sequence[Model]) -> None:
    """Inserts unsaved instances of one model whole, under the ids that they have or get. No signals, no save()."""
    if not instances:
        return
    model = type(instances[0])
    without = [instance for instance in instances if instance.pk is None]
    for instance, pk in zip(without, take_ids(model, len(without)), strict=True):
        instance.pk = pk
    held = list(model._meta.local_concrete_fields)
    ways = [as_json(field) if isinstance(field, JSONField) else adapter(field) for field in held]
    put(model, held, adapted(map(attrgetter(*(field.attname for field in held)), instances), ways))
    for instance in instances:
        instance._state.adding, instance._state.db = False, connection.alias


def put(model: type[Model], fields: Sequence[Field[Any, Any]], rows: Iterable[Row]) -> None:
    table, columns = model._meta.db_table, ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with cast(Any, cursor).copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            into(cast(Any, cursor).connection.cursor(), f'INSERT INTO "{table}" ({columns})', rows)


def into(raw: Any, insert: str, rows: Iterable[Row], then: str = "") -> None:
    """Inserts rows into SQLite, many in a statement: where a table has a trigger, SQLite writes down each page that a
    statement touches once more, so that it could take that statement back."""
    rows = iter(rows)
    if (first := next(rows, None)) is None:
        return
    marks = f"({', '.join('?' * len(first))})"
    for some in batched(chain([first], rows), MOST_VALUES // len(first)):
        raw.execute(f"{insert} VALUES {', '.join([marks] * len(some))} {then}", [*chain.from_iterable(some)])


@database.atomic
def take_ids(model: type[Model], count: int) -> Sequence[int]:
    """The next ids of a table, taken for good: nobody else gets them, whether they are used or not."""
    table, column = model._meta.db_table, str(model._meta.pk.column)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "nextval(pg_get_serial_sequence(%s, %s))"
            cursor.execute(f"SELECT {sequence} FROM generate_series(1, %s)", [f'"{table}"', column, count])
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s RETURNING seq", [count, table])
        found = cursor.fetchone()
        if found is None:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
    last = found[0] if found else count
    return range(last - count + 1, last + 1)


def field_of(model: type[Model], name: str) -> Field[Any, Any]:
    return cast("Field[Any, Any]", model._meta.get_field(name))


def adapted(rows: Iterable[Row], ways: Sequence[Adapter | None]) -> Iterator[Row]:
    """The rows as the driver takes them, changed column by column."""
    for some in batched(rows, 1000):
        columns = zip(ways, zip(*some, strict=True), strict=True)
        yield from zip(*(map(way, column) if way else column for way, column in columns), strict=True)


def as_json(field: JSONField[Any, Any]) -> Adapter:
    empty = field.get_db_prep_save([], connection)
    return lambda value: empty if value == [] else field.get_db_prep_save(value, connection)


def adapter(field: Field[Any, Any]) -> Adapter | None:
    """How a column's values reach the driver, where that is not as they are (SQLite keeps dates as text)."""
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, DateTimeField):
        adapt = lru_cache(maxsize=1000)(connection.ops.adapt_datetimefield_value)
        return lambda value: value if isinstance(value, str) else adapt(value)
    if isinstance(field, DateField):
        return day_text
    return None


@lru_cache(maxsize=100_000)
def day_text(value: date | str | None) -> str | None:
    return value.isoformat() if isinstance(value, date) else value


def add_up(model: type[Model], keys: Sequence[str], sums: Sequence[str], rows: Iterable[Row]) -> None:
    """Adds to the rows of these keys, making those that are not there. No key may come twice."""
    held = [field_of(model, name) for name in (*keys, *sums)]
    table = f'"{model._meta.db_table}"'
    columns = ", ".join(f'"{field.column}"' for field in held)
    conflict = ", ".join(f'"{field.column}"' for field in held[: len(keys)])
    adds = ", ".join(f'"{f.column}" = {table}."{f.column}" + excluded."{f.column}"' for f in held[len(keys) :])
    insert, upsert = f"INSERT INTO {table} ({columns})", f"ON CONFLICT ({conflict}) DO UPDATE SET {adds}"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            types = ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in held)
            for some in batched(rows, MOST_ROWS):
                given = [list(column) for column in zip(*some, strict=True)]
                cursor.execute(f"{insert} SELECT * FROM unnest({types}) {upsert}", given)
        else:
            ready = adapted(rows, [adapter(field) for field in held])
            into(cast(Any, cursor).connection.cursor(), insert, ready, upsert)


def as_date(value: date | str) -> date:
    """A date as a raw cursor gives it: SQLite tells it as text."""
    return value if isinstance(value, date) else date.fromisoformat(value)
