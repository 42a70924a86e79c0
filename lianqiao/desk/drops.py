"""Workbooks that somebody has dropped and not yet imported: in the instance's folder, each under a key that nobody guesses,
and only for the one who dropped it."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404

from lianqiao.people.models import User
from lianqiao.workbooks.drafts import EVIDENCE_FOLDER

DAY = 24 * 3600
MOST_BYTES = 64 * 2**20
KEY = re.compile(r"[\w-]{22}", re.ASCII)


def folder_of(person: User) -> Path:
    return Path(settings.DIR) / "uploads" / str(person.pk)


def take(person: User, file: Any, papers: Iterable[Any] = ()) -> str:
    """Keeps an uploaded file, with the papers that its rows name, and returns its key; what lay there for more than a day
    goes."""
    sweep(person)
    key = secrets.token_urlsafe(16)
    folder = folder_of(person) / key
    folder.mkdir(parents=True)
    put(file, folder)
    for paper in papers:
        put(paper, folder / EVIDENCE_FOLDER)
    return key


def put(file: Any, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with (folder / safe(file.name)).open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)


def safe(name: str) -> str:
    """The file's own name, which the import's history tells, without anything that leads elsewhere."""
    told = re.sub(r"[\x00-\x1f/\\]", "", Path(name).name).lstrip(".")
    return told[-120:] or "导入.xlsx"


def find(person: User, key: str) -> Path:
    """The file under the key. Raises Http404."""
    folder = folder_of(person) / key
    found = [path for path in folder.iterdir() if path.is_file()] if KEY.fullmatch(key) and folder.is_dir() else []
    if not found:
        raise Http404
    return found[0]


def forget(person: User, key: str) -> None:
    shutil.rmtree(folder_of(person) / key, ignore_errors=True)


def sweep(person: User) -> None:
    for folder in folder_of(person).glob("*"):
        if time.time() - folder.stat().st_mtime > DAY:
            shutil.rmtree(folder, ignore_errors=True)
