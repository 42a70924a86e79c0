"""What the programme owes others: returns, documents, typical cases."""

from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "lianqiao.briefings"
    verbose_name = "报送"
