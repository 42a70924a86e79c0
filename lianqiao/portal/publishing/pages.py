"""Pages whose numbers are checked, and the page of figures in public."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Revision

from lianqiao.journal import clock
from lianqiao.places.models import Node
from lianqiao.portal.publishing import checking, quoting
from lianqiao.portal.publishing.checking import NumbersDiffer
from lianqiao.portal.publishing.doors import address_of

SCHEDULED = "wagtail.publish.scheduled"
"""How Wagtail's command that publishes what is due names its act."""


class CheckedForm(WagtailAdminPageForm):
    """The editor's form: says at once which numbers differ, where the page would be refused later on."""

    DOORS = frozenset({"action-publish", "action-submit", "action-restart-workflow"})

    def _post_clean(self) -> None:
        super()._post_clean()
        approves = self.data.get("workflow-action-name") == "approve" and "action-workflow-action" in self.data
        if self.errors or not (approves or self.DOORS & self.data.keys()):
            return
        try:
            checking.require(self.instance, anew=True)
        except NumbersDiffer as refused:
            checking.keep(refused.check)
            link = format_html('<a href="{}">{}</a>', address_of(refused.check), gettext("看每个数的核对"))
            self.add_error(None, format_html("{} {}", str(refused), link))


class CheckedPage(models.Model):
    """What a page inherits, before Page, so that no false number goes public with it.

    It is refused where it would go public: in `publish` (the button, moderation, the scheduler), and in `save` of a page that is
    live, through which every one of Wagtail's ways leads. Submitting is refused in moderation.py.
    texts: the fields that are read beside the title. dated: the field with the page's own date, from which 今年 is read.
    """

    checked_against = models.ForeignKey(
        Node, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("数字对照"),
        help_text=_("文中的数字对照哪一个结对的账本。留空：整个协作"),
    )  # fmt: skip

    texts: ClassVar[tuple[str, ...]] = ()
    dated_by: ClassVar[str] = ""
    base_form_class = CheckedForm

    class Meta:
        abstract = True

    def speaks_of(self) -> date:
        """The day up to which its numbers count: its own date, else today; never a day to come."""
        own = getattr(self, self.dated_by) if self.dated_by else None
        return min(own, clock.today()) if own else clock.today()

    def publish(self, revision: Revision, *given: Any, **how: Any) -> Any:
        try:
            checking.require(revision.as_object(), anew=True)
        except NumbersDiffer as refused:
            if how.get("log_action") != SCHEDULED:
                raise
            # Nobody stands at the scheduler: what it may not publish waits as a draft, and the others go on.
            checking.keep(refused.check)
            revision.approved_go_live_at = None
            revision.save(update_fields=["approved_go_live_at"])
            return None
        return super().publish(revision, *given, **how)  # type: ignore[misc]

    def save(self, *given: Any, **how: Any) -> None:
        told = how.get("update_fields")
        if not self.live or (told is not None and not {*self.texts, "title", "live"} & set(told)):  # type: ignore[attr-defined]
            super().save(*given, **how)
            return
        passed = checking.require(self)  # type: ignore[arg-type]
        super().save(*given, **how)
        quoting.note(self, passed)
