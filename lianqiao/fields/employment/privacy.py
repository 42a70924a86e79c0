"""What is kept of a seeker, taken away again: on request, from the pool and from the ledgers, with the chain whole."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction as database

from lianqiao.fields.employment.pool import Seeker
from lianqiao.fields.employment.proposals import ProposalStep
from lianqiao.fields.employment.transfer import Check, Placement
from lianqiao.journal import clock
from lianqiao.ledger import acts, erasing, protected
from lianqiao.ledger.models import Entry
from lianqiao.people.access import may, require
from lianqiao.people.models import User


@database.atomic
def forget(seeker: Seeker, by: User, why: str) -> None:
    """Erases a seeker on request: here, and in every row of a ledger that tells of the same ID number or came of the
    seeker's placements. Figures stay. Raises Refused without a reason; Http404, PermissionDenied."""
    seeker = Seeker.objects.select_for_update(of=("self",)).select_related("node").get(pk=seeker.pk)
    require(by, "erase", seeker.node)
    acts.reasoned(why, "删除个人信息")
    if seeker.state == Seeker.State.ERASED:
        raise acts.refuse(f"{seeker.number}：此前已经删除。")
    if seeker.clear_name in why:
        raise acts.refuse("缘由永远留在账本里，不能写所删的内容。", why="bad_text")
    rows = rows_of(seeker, by)
    if rows:
        erasing.erase(rows, by, why)
    else:
        erasing.overwrite_deleted()
    empty(seeker, why)


def rows_of(seeker: Seeker, by: User) -> list[erasing.Held]:
    """The rows of ledgers that tell of the seeker, where the person may erase."""
    if not seeker.id_number:
        return []
    found = erasing.find_person(protected.reveal(seeker.id_number))
    return [one for one in found if may(by, "erase", one.entry.node)]


def empty(seeker: Seeker, why: str) -> None:
    """Takes out of the pool whatever tells of the person. Year of birth, gender and 户情 stay: runs are judged by them."""
    seeker.name, seeker.phone, seeker.village, seeker.household = "", "", "", ""
    seeker.id_number = protected.without_value(seeker.id_number) if seeker.id_number else ""
    seeker.skills, seeker.certificates, seeker.places = [], [], []
    seeker.couple, seeker.party, seeker.consent_from = "", "", ""
    seeker.state, seeker.erased_at, seeker.erased_why = Seeker.State.ERASED, clock.now(), why
    seeker.save()
    Check.objects.filter(placement__seeker=seeker).update(need="")
    ProposalStep.objects.filter(proposal__seeker=seeker).update(why="")


def follow(rows: Sequence[Entry], why: str) -> None:
    """When rows of the jobs ledger are erased by whatever door, the seekers behind them are, too."""
    jobs = [row.pk for row in rows if row.ledger.code == "jobs"]
    placed = Placement.objects.filter(job__in=jobs).exclude(seeker__state=Seeker.State.ERASED)
    for seeker in Seeker.objects.select_for_update(of=("self",)).filter(pk__in=placed.values("seeker")):
        empty(seeker, why)
