from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("exchange", "0001_initial")]
    operations = [
        migrations.CreateModel("Half", [("id", models.BigAutoField(primary_key=True))]),
        migrations.RunSQL("UPDATE no_such_table SET number = 1"),
    ]
