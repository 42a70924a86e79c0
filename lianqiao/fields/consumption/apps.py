"""Products, outlets, sales, and the market between them."""

from django.apps import AppConfig


class ConsumptionConfig(AppConfig):
    name = "lianqiao.fields.consumption"
    verbose_name = "消费协作"

    def ready(self) -> None:
        from lianqiao.fields.consumption import entering
        from lianqiao.ledger import erasing

        erasing.HOLDERS.append(entering.held_pieces)
