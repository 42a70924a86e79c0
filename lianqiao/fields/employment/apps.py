"""Jobs, workshops, job fairs."""

from django.apps import AppConfig


class EmploymentConfig(AppConfig):
    name = "lianqiao.fields.employment"
    verbose_name = "劳务协作"

    def ready(self) -> None:
        from lianqiao.fields.employment import privacy
        from lianqiao.ledger import erasing

        erasing.FOLLOWERS.append(privacy.follow)
