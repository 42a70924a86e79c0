"""What was measured: lines with their section, kept as JSON beside the code and told as tables in docs/performance.md."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from time import perf_counter

FOLDER = Path(__file__).parent / "results"
READINGS = 15  # of which the middle one counts


@dataclass(frozen=True)
class Line:
    """One figure: what was done, how much it came to with its unit, and what bounds it or how it was taken."""

    what: str
    told: str
    note: str = ""


@dataclass
class Results:
    """The lines of one part of the bench on one database. Kept after each line: a run may end at any moment."""

    name: str
    title: str
    at: str = field(default_factory=lambda: f"{datetime.now().astimezone():%Y-%m-%d %H:%M}")
    machine: str = field(default_factory=lambda: machine())
    lines: list[Line] = field(default_factory=list)

    def add(self, what: str, told: str, note: str = "") -> None:
        self.lines.append(Line(what, told, note))
        sys.stdout.write(f"{what}　{told}　{note}\n")
        sys.stdout.flush()
        FOLDER.mkdir(exist_ok=True)
        told_all = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (FOLDER / f"{self.name}.json").write_text(told_all + "\n", encoding="utf-8")

    def timed(self, what: str, reading: Callable[[], object], note: str = "", readings: int = READINGS) -> None:
        """The middle one of several readings, and the longest."""
        taken = sorted(seconds(reading) for _ in range(readings))
        self.add(what, f"{taken[readings // 2] * 1000:.1f} ms", note or f"at most {taken[-1] * 1000:.1f} ms")


def seconds(act: Callable[[], object]) -> float:
    begun = perf_counter()
    act()
    return perf_counter() - begun


def machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    return (
        f"{os.cpu_count()} cores ({model}), {platform.system()} {platform.release()}, Python {platform.python_version()},"
        f" load {os.getloadavg()[0]:.1f} at the start, commit {commit()}"
    )


def commit() -> str:
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return told.stdout.strip() or "?"


def tables() -> str:
    """All kept results as Markdown."""
    return "\n".join(table(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("*.json")))


def table(kept: dict[str, object]) -> str:
    lines = kept["lines"]
    assert isinstance(lines, list)
    rows = "\n".join(f"| {line['what']} | {line['told']} | {line['note']} |" for line in lines)
    return f"## {kept['title']}\n\n{kept['at']}, {kept['machine']}\n\n| what | measured | |\n|---|---|---|\n{rows}\n"
