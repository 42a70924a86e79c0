"""The process in which `lianqiao upgrade` is rehearsed on a copy of the instance (upgrade.py starts it).

Its last line is a JSON list of the problems; an exit status other than 0 says that it did not come to its end.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    try:
        problems = rehearse()
    except Exception as error:  # a migration may fail in any way
        problems = [f"{type(error).__name__}：{error}"]
    sys.stdout.write("\n" + json.dumps(problems, ensure_ascii=False))


def rehearse() -> list[str]:
    from lianqiao.instance import archive, upgrade
    from lianqiao.instance.restore import fitting_tables, load

    backup = os.environ.get("LIANQIAO_REHEARSAL_OF")
    if backup:
        with archive.opened(Path(backup)) as held:
            load(held, fitting_tables(held.manifest))
    return upgrade.change().problems


if __name__ == "__main__":
    main()
