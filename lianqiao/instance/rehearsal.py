"""The process in which `lianqiao upgrade` is rehearsed on a copy of the instance (upgrade.py starts it).

Its last line is the outcome as JSON. Where a migration fails it ends with status 1 and the error in one line.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lianqiao.instance.upgrade import Outcome


def main() -> None:
    import django

    django.setup()
    try:
        outcome = rehearse()
    except Exception as error:  # a migration may fail in any way
        sys.exit(f"{type(error).__name__}：" + " ".join(str(error).split()))
    sys.stdout.write("\n" + json.dumps(asdict(outcome), ensure_ascii=False))


def rehearse() -> Outcome:
    """Upgrades the copy; on PostgreSQL it is first made from the backup."""
    from lianqiao.instance import archive, upgrade
    from lianqiao.instance.restore import fitting_tables, load

    backup = os.environ.get("LIANQIAO_REHEARSAL_OF")
    if backup:
        with archive.opened(Path(backup)) as held:
            load(held, fitting_tables(held.manifest))
    return upgrade.change()


if __name__ == "__main__":
    main()
