"""The process in which `lianqiao upgrade` is rehearsed on a copy of the instance (upgrade.py starts it).

Prints the problems as a JSON list; an exit status other than 0 says that it did not come to its end.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    from lianqiao.instance import archive, upgrade
    from lianqiao.instance.restore import fitting_tables, load

    backup = os.environ.get("LIANQIAO_REHEARSAL_OF")
    if backup:
        with archive.opened(Path(backup)) as held:
            load(held, fitting_tables(held.manifest))
    json.dump(upgrade.change().problems, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
