"""Working days, as far as the sample needs them: no weekends, no National Day week."""

from datetime import date, timedelta


def is_workday(day: date) -> bool:
    return day.weekday() < 5 and not (day.month == 10 and day.day <= 7)


def workday(day: date) -> date:
    """The day itself, or the first working day after it."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day
