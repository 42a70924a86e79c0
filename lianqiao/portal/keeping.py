"""Files that editors upload, kept as evidence is: by what they contain. Only the name is a row, and a backup has both."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.urls import reverse
from django.utils.deconstruct import deconstructible

from lianqiao.ledger import evidence

KIND = "门户"


@deconstructible
class Kept(Storage):
    """Django's storage over the evidence store. A name is given once; taking it away leaves the file to the store."""

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        return ContentFile(evidence.path_of(piece(name)["sha256"]).read_bytes(), name=name)

    def _save(self, name: str, content: Any) -> str:
        content.seek(0)
        kept = evidence.keep(content.read(), name, KIND)
        uploads().update_or_create(name=name, defaults={"evidence": [kept]})
        return name

    def delete(self, name: str) -> None:
        uploads().filter(name=name).delete()

    def exists(self, name: str) -> bool:
        return uploads().filter(name=name).exists()

    def size(self, name: str) -> int:
        return int(piece(name)["size"])

    def url(self, name: str | None) -> str:
        return reverse("portal_media", args=[name])


def uploads() -> Any:
    """The names that are given. Looked up late: Wagtail makes its storage while its models are being read."""
    return apps.get_model("portal", "Upload")._default_manager


def piece(name: str) -> evidence.Evidence:
    """What is kept under that name. Raises FileNotFoundError."""
    held = uploads().filter(name=name).values_list("evidence", flat=True).first()
    if not held:
        raise FileNotFoundError(name)
    found: evidence.Evidence = held[0]
    return found
