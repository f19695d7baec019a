from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "owner", "asker", "exchange", "answerer", "step",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("owner", models.UUIDField()),
                ("asker", models.UUIDField()),
                ("exchange", models.UUIDField()),
                ("answerer", models.UUIDField()),
                ("step", models.IntegerField()),
                ("code", models.TextField()),
                ("action", models.TextField()),
                ("state", models.TextField()),
                ("topic", models.TextField()),
                ("day", models.DateField(null=True)),
                ("readers", django.contrib.postgres.fields.ArrayField(models.UUIDField(), size=None)),
                ("former", models.BinaryField()),
                ("ring_version", models.IntegerField()),
                ("sealed", models.BinaryField()),
                ("own_ring_version", models.IntegerField()),
                ("sealed_own", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["asker", "exchange", "answerer", "step"], name="exchange_in_order"),
                    models.Index(fields=["asker", "code", "topic"], name="exchange_by_asker"),
                    models.Index(fields=["answerer", "code", "topic"], name="exchange_by_answerer"),
                ],
            },
        ),
    ]
