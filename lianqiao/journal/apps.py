"""Measures, transactions, postings, balances, figures."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class JournalConfig(AppConfig):
    name = "lianqiao.journal"
    verbose_name = "账本"

    def ready(self) -> None:
        from lianqiao.journal.release import after_migrate

        post_migrate.connect(after_migrate, sender=self, dispatch_uid="journal.after_migrate")
