"""Index data keys by version, because re-wrapping often looks up keys under old versions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sharing", "0002_references")]
    operations = [
        migrations.AddIndex(
            model_name="datakey",
            index=models.Index(fields=["owner", "kind", "ring_version"], name="datakey_by_version"),
        )
    ]
