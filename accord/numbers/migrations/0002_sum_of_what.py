from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Record which submissions each row of combined totals is based on. Older combined totals can't be published and
    must be combined again."""

    dependencies: ClassVar = [("numbers", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(
            "sum", "agencies", django.contrib.postgres.fields.ArrayField(models.UUIDField(), default=list, size=None)
        ),
        migrations.AddField(
            "sum",
            "revisions",
            django.contrib.postgres.fields.ArrayField(models.IntegerField(), default=list, size=None),
        ),
        migrations.AddField("sum", "expected", models.IntegerField(default=0)),
        migrations.AddField("sum", "shown_hash", models.BinaryField(default=b"")),
    ]
