"""Rounds: a command is killed at a random point; it must have happened whole or not at all, and must then succeed."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.crash.children import events_of, in_child, killed_after, killed_at_call, nanoseconds_of, succeed
from tests.crash.stage import ROWS, Stage, command, looked_at

ROOT = ["--east", "江苏省", "--west", "陕西省", "--since", "2017-01-01"]


@dataclass(frozen=True)
class Act:
    """A command, and how it starts: on the instance, or in an empty place."""

    name: str
    run: Callable[[], int]
    empty: bool = False


@dataclass(frozen=True)
class Known:
    """What is there before and after an act, how many events a whole run of it has, and how long it takes."""

    before: Any
    after: Any
    events: int
    nanoseconds: int


@dataclass
class Record:
    """What was seen: how often each act was found whole or absent, and every round that went wrong."""

    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def acts(stage: Stage) -> list[Act]:
    waiting = [f"HF-2021-{number:04d}" for number in range(1, ROWS)]
    return [
        Act("import", command("import", "visits", stage.workbook, "--as", "jingjiang", "--approve-as", "yongshou")),
        Act("approve", command("approve", "visits", *waiting, "--as", "yongshou")),
        Act("undo", command("undo", "1", "--as", "yongshou", "--why", "示例：选错了文件")),
        Act("void", command("void", "visits", "HF-2020-0001", "--as", "yongshou", "--why", "示例：重复")),
        Act("erase", command("erase", "visits", "HF-2020-0001", "--as", "admin", "--why", "本人要求")),
        Act("restore", command("restore", stage.backup), empty=True),
        Act("init", command("init", *ROOT), empty=True),
        Act("backup", command("backup", stage.written)),
    ]


def seen(stage: Stage) -> dict[str, Any]:
    """What is there, the file of a backup with it."""
    stage.settle()
    found: dict[str, Any] = in_child(looked_at)
    if stage.written.exists():
        found["state"] = [found["state"], "written"]
        found["wrong"] += in_child(lambda: broken(stage.written))
    return found


def broken(path: Path) -> list[str]:
    """What is wrong with the file of a backup."""
    from lianqiao.instance import archive

    try:
        with archive.opened(path) as held:
            held.check()
    except archive.Unfit as error:
        return [str(error)]
    return []


def whole(stage: Stage, act: Act) -> Known:
    """Runs the act to its end, to know what it comes to."""
    stage.put_back(empty=act.empty)
    before, events, after = seen(stage), events_of(act.run), seen(stage)
    assert not before["wrong"] + after["wrong"], (act.name, before["wrong"], after["wrong"])
    assert before["state"] != after["state"], act.name
    stage.put_back(empty=act.empty)
    return Known(before["state"], after["state"], events, nanoseconds_of(act.run))


def play(stage: Stage, rounds: int, random: Random, say: Callable[[str], None]) -> Record:
    """So many rounds: a random act each, killed at one of its calls and after some time by turns."""
    record, known = Record(), dict[str, Known]()
    order = acts(stage)
    for number in range(1, rounds + 1):
        act = order[number % len(order)] if rounds < 2 * len(order) else random.choice(order)
        if act.name not in known:
            known[act.name] = whole(stage, act)
        stage.put_back(empty=act.empty)
        told = kill(stage, act, known[act.name], random)
        outcome, problems = judge(stage, act, known[act.name])
        record.seen[act.name, outcome] += 1
        record.wrong += [f"{number} {act.name} {told}: {problem}" for problem in problems]
        say(f"{number}/{rounds} {act.name}, killed {told}: {outcome}" + "".join(f"\n    {p}" for p in problems))
    return record


def kill(stage: Stage, act: Act, known: Known, random: Random) -> str:
    """Kills the act once, by a call or by the clock; most often by one of the last calls, where it becomes final."""
    if stage.postgres or random.random() < 0.4:  # PostgreSQL's driver does not tell of its calls
        nanoseconds = random.randint(0, known.nanoseconds * 5 // 4)
        killed_after(act.run, nanoseconds)
        return f"after {nanoseconds // 1_000_000} ms of {known.nanoseconds // 1_000_000}"
    first = random.choice([1, known.events * 3 // 4, known.events - 40])
    at = random.randint(first, known.events)
    killed_at_call(act.run, at)
    return f"at call {at} of {known.events}"


def judge(stage: Stage, act: Act, known: Known) -> tuple[str, list[str]]:
    """Whole, absent or half; what is wrong with it; and whether the act succeeds where it is absent."""
    found = seen(stage)
    problems = list(found["wrong"])
    if found["state"] == known.after:
        return "whole", problems
    if found["state"] != known.before:
        return "half", [*problems, f"neither as before nor as after: {found['state']}"]
    in_child(lambda: succeed(act.run))
    again = seen(stage)
    if again["state"] != known.after:
        problems.append(f"the next attempt came to something else: {again['state']}")
    return "absent", [*problems, *again["wrong"]]


@contextmanager
def staged(*, postgres: bool) -> Iterator[Stage]:
    """A stage in a folder of its own, to which this process and its forks are led."""
    import django

    with tempfile.TemporaryDirectory(prefix="lianqiao-crash-") as folder:
        stage = Stage(Path(folder), postgres)
        os.environ |= stage.environment() | {"DJANGO_SETTINGS_MODULE": "lianqiao.config.settings"}
        django.setup()
        stage.build()
        yield stage
