"""The settings of a later version. LATER: which of them."""

import os

from lianqiao.config.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, f"tests.instance.later.{os.environ['LATER']}"]  # noqa: F405
