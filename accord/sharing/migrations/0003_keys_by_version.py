"""Which data keys lie under an old version of their kind key is asked again and again while they are re-wrapped."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sharing", "0002_references")]
    operations = [
        migrations.AddIndex(
            model_name="datakey",
            index=models.Index(fields=["owner", "kind", "ring_version"], name="datakey_by_version"),
        )
    ]
