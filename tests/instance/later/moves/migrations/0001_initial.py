from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL("UPDATE journal_balance SET quantity = quantity + 1")]
