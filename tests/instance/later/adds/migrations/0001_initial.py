from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("exchange", "0001_initial")]
    operations = [
        migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]),
    ]
