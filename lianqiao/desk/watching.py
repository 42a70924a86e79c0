"""How far an import is, for whoever watches it, and the word to stop: files beside the dropped workbook, so that any of the
server's processes can tell and ask."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from lianqiao.workbooks.commit import Progress, Stage

FOLDER, STAGE, STOP = "progress", "stage.json", "stop"
STALE = 120  # seconds without a word: the process that wrote is gone


class Stopped(Exception):
    """Whoever watched has called it off before it was committed: nothing was written."""


def begin(workbook: Path) -> Progress:
    """What the import tells its stages to; raises Stopped once somebody has said so."""
    folder = workbook.parent / FOLDER
    folder.mkdir(exist_ok=True)
    (folder / STOP).unlink(missing_ok=True)

    def tell(stage: Stage) -> None:
        if (folder / STOP).exists():
            raise Stopped
        aside = folder / "stage.part"
        aside.write_text(json.dumps({"name": stage.name, "done": stage.done, "of": stage.of}), encoding="utf-8")
        aside.replace(folder / STAGE)

    tell(Stage("读取"))
    return tell


def end(workbook: Path) -> None:
    (workbook.parent / FOLDER / STAGE).unlink(missing_ok=True)


def how_far(workbook: Path) -> dict[str, Any] | None:
    """The stage of an import that goes on; None where none does."""
    told = workbook.parent / FOLDER / STAGE
    try:
        if time.time() - told.stat().st_mtime > STALE:
            return None
        return dict(json.loads(told.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def stop(workbook: Path) -> None:
    """Asks the import to end before it is committed; where none goes on, nothing happens."""
    if how_far(workbook):
        (workbook.parent / FOLDER / STOP).touch()
