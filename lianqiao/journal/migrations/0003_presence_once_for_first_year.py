"""The event of all time is also the first year's: what said so a second time goes. No balance changes."""

from django.db import migrations

SAID_TWICE = (
    "DELETE FROM journal_presence WHERE year <> 0 AND EXISTS (SELECT 1 FROM journal_presence a"
    " WHERE a.measure_id = journal_presence.measure_id AND a.node_id = journal_presence.node_id"
    ' AND a.subject = journal_presence.subject AND a.year = 0 AND a."on" = journal_presence."on")'
)


class Migration(migrations.Migration):

    dependencies = [
        ("journal", "0002_partner_and_closing"),
    ]

    operations = [
        migrations.RunSQL(SAID_TWICE, migrations.RunSQL.noop),
    ]
