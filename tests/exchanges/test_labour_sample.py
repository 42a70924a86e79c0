"""The sample's labour exchange is whole: within the rules of its own forms, and a round matches it."""

from __future__ import annotations

from lianqiao.demo import labour
from lianqiao.desk.labour import intake
from lianqiao.fields.employment.pool import Employer, Seeker, Vacancy
from lianqiao.ledger.protected import reveal
from lianqiao.workbooks.cells import Refused, read
from tests.world import World


def test_the_sample_keeps_to_its_own_rules(world: World) -> None:
    labour.make(world.county, world.jingjiang, world.jingjiang, world.yongshou)
    for row in (*Seeker.objects.all(), *Vacancy.objects.all(), *Employer.objects.all()):
        row.full_clean()
    column = intake.FORM.by_field["id_number"]
    numbers = [reveal(one.id_number) for one in Seeker.objects.all()]
    assert not [number for number in numbers if isinstance(read(number, column), Refused)]
    assert [int(number[16]) % 2 == 1 for number in numbers] == [one.gender == "男" for one in Seeker.objects.all()]
    assert (len(numbers), Vacancy.objects.count()) == (6, 4)
