"""The settings of a test run: the product's own, in an instance folder that each process of the run has to itself.

LIANQIAO_TEST_DATABASE  sqlite (default), or postgresql: the run brings up a server of its own (pg.py)
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from lianqiao.config.keys import make_keys
from tests import pg

wanted = os.environ.get("LIANQIAO_TEST_DATABASE", "sqlite")
if wanted not in ("sqlite", "postgresql"):
    raise ValueError(f"LIANQIAO_TEST_DATABASE must be sqlite or postgresql, not {wanted!r}")

for name in [name for name in os.environ if name.startswith("LIANQIAO_") and not name.startswith("LIANQIAO_TEST_")]:
    del os.environ[name]  # a run does not depend on the instance that somebody works with

# pytest-xdist's workers inherit the folder and the server of the process that started them, which clears them away:
# a worker is not given the time to.
worker = "PYTEST_XDIST_WORKER" in os.environ
if not worker:
    os.environ["LIANQIAO_TEST_FOLDER"] = tempfile.mkdtemp(prefix="lianqiao-test-")
    atexit.register(shutil.rmtree, os.environ["LIANQIAO_TEST_FOLDER"], ignore_errors=True)
instance = Path(tempfile.mkdtemp(dir=os.environ["LIANQIAO_TEST_FOLDER"]))
make_keys(instance)
os.environ["LIANQIAO_DIR"] = str(instance)

if wanted == "postgresql":
    if not worker:
        os.environ["PGHOST"] = pg.start()
    os.environ["LIANQIAO_DATABASE_URL"] = "postgresql://postgres@/lianqiao"

from lianqiao.config.settings import *  # noqa: E402, F403 - they read the environment as it is now

if wanted == "sqlite":
    # A file, as in use: with a write-ahead log, and with bytes that a test can change.
    DATABASES["default"]["TEST"] = {"NAME": instance / "test.sqlite3"}  # noqa: F405
    # Nothing of it outlives the run, so nothing need reach the disk.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # noqa: F405

# The tables as the models say, in one go: tests/instance holds the migrations against them.
DATABASES["default"].setdefault("TEST", {})["MIGRATE"] = False  # noqa: F405
