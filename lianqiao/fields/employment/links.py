"""Signed links for who has no account: an employer's own page, a job fair's sign-in. Made void by a new key."""

from __future__ import annotations

from django.core import signing

from lianqiao.fields.employment.pool import Employer, link_key

SALT = "lianqiao.employment.employer"
DAYS = 400
"""A link ends by itself after so many days: a year's vacancies and checks, and a month to renew it."""


def employer_token(employer: Employer) -> str:
    return signing.dumps([employer.pk, employer.link_key], salt=SALT)


def employer_of(token: str) -> Employer | None:
    """Whose link it is; None where it was altered, is too old or was made void."""
    try:
        pk, key = signing.loads(token, salt=SALT, max_age=DAYS * 24 * 3600)
    except (signing.BadSignature, ValueError):
        return None
    return Employer.objects.filter(pk=pk, link_key=key).select_related("node").first()


def renew(employer: Employer) -> str:
    """Makes every earlier link void and returns the new one's token."""
    employer.link_key = link_key()
    employer.save(update_fields=["link_key"])
    return employer_token(employer)
