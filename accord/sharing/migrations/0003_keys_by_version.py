"""Index data keys by version: re-wrapping looks up those under old versions again and again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sharing", "0002_references")]
    operations = [
        migrations.AddIndex(
            model_name="datakey",
            index=models.Index(fields=["owner", "kind", "ring_version"], name="datakey_by_version"),
        )
    ]
