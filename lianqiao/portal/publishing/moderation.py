"""Submitting a page to moderation: refused at the row that every submission makes, whatever door it came by."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_save
from wagtail.models import TaskState


def watch() -> None:
    pre_save.connect(before_submission, dispatch_uid="publishing.before_submission")


def before_submission(sender: Any, instance: Any, raw: bool = False, **_: Any) -> None:
    """Raises NumbersDiffer for a page whose numbers differ: a step of moderation begins with the revision to be judged."""
    from lianqiao.portal.publishing import checking
    from lianqiao.portal.publishing.pages import CheckedPage

    if raw or not isinstance(instance, TaskState) or instance.status != TaskState.STATUS_IN_PROGRESS:
        return
    page = instance.revision.as_object()
    if isinstance(page, CheckedPage):
        checking.require(page, anew=True)  # type: ignore[arg-type]
