"""Commands run in this process, on the world of the tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lianqiao.cli.main import main
from tests.cli.sample import Done
from tests.world import World

Lianqiao = Callable[..., Done]


@pytest.fixture
def lianqiao(world: World, capsys: pytest.CaptureFixture[str]) -> Lianqiao:
    """Runs a command as `lianqiao` would, and says how it ended and what it printed."""

    def call(*arguments: object) -> Done:
        capsys.readouterr()
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as end:  # argparse ends the process itself
            status = int(end.code or 0)
        return Done(status, *capsys.readouterr())

    return call
