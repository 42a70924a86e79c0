"""The exchanges as somebody reads them: on the sample's last day, with the desk's readers."""

from tests.desk.conftest import nobody_has_tried_yet, on_the_last_day, read

__all__ = ["nobody_has_tried_yet", "on_the_last_day", "read"]
