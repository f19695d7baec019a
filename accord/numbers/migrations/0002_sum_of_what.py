from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """A sum names the submissions it is made of. An older sum can't be published: sum again."""

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
