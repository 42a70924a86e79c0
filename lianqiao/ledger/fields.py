"""The kinds of column that ledgers have, as Django fields. Each knows the `kind` that a workbook's cell is read as."""

from __future__ import annotations

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models


class Text(models.CharField):
    kind = "text"

    def __init__(self, verbose_name: Any = "", max_length: int = 200, **kwargs: Any) -> None:
        super().__init__(verbose_name, max_length=max_length, **kwargs)


class Person(Text):
    kind = "person"


class PlaceName(Text):
    kind = "place"


class Choice(models.CharField):
    kind = "choice"

    def __init__(self, verbose_name: Any = "", choices: Any = (), max_length: int = 20, **kwargs: Any) -> None:
        told = [c if isinstance(c, tuple) else (c, c) for c in choices]
        super().__init__(verbose_name, max_length=max_length, choices=told, **kwargs)


class Day(models.DateField):
    """A date; `ending` where it ends something, so that 至今 is blank."""

    kind = "date"

    def __init__(self, verbose_name: Any = "", ending: bool = False, **kwargs: Any) -> None:
        self.ending = ending
        if kwargs.get("blank"):
            kwargs["null"] = True
        super().__init__(verbose_name, **kwargs)


class Count(models.BigIntegerField):
    """A whole number of things, at least `least`."""

    kind = "int"

    def __init__(self, verbose_name: Any = "", least: int = 0, **kwargs: Any) -> None:
        self.least = least
        if kwargs.get("blank"):
            kwargs["null"] = True
        kwargs.setdefault("validators", [MinValueValidator(least)])
        super().__init__(verbose_name, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        return name, path, args, kwargs


class Money(Count):
    """Money, kept in 分."""

    kind = "money"


class IdNumber(models.CharField):
    """身份证号, kept as a token (protected.py)."""

    kind = "id_number"

    def __init__(self, verbose_name: Any = "", **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        super().__init__(verbose_name, **kwargs)


class YesNo(models.BooleanField):
    """是 or 否; a blank optional one is neither."""

    kind = "yesno"

    def __init__(self, verbose_name: Any = "", **kwargs: Any) -> None:
        if kwargs.get("blank"):
            kwargs["null"] = True
        super().__init__(verbose_name, **kwargs)


class CreditCode(Text):
    """统一社会信用代码: public, 18 characters with a check digit."""

    kind = "credit_code"


class Link(models.ForeignKey):
    """Another entry, named in workbooks by its 编号 or by one of its fields (`by`)."""

    kind = "reference"

    def __init__(self, to: Any, verbose_name: Any = "", by: str = "number", **kwargs: Any) -> None:
        self.by = by
        kwargs.setdefault("on_delete", models.PROTECT)
        kwargs.setdefault("related_name", "+")
        kwargs.setdefault("verbose_name", verbose_name)
        if kwargs.get("blank"):
            kwargs["null"] = True
        super().__init__(to, **kwargs)
