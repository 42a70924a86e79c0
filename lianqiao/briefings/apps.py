"""What the programme owes others: returns, documents, typical cases."""

from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "lianqiao.briefings"
    verbose_name = "报送"

    def ready(self) -> None:
        from lianqiao.briefings import keeping
        from lianqiao.ledger import audit, erasing

        erasing.HOLDERS.append(keeping.held)
        audit.CHECKS.append(keeping.check)
