from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Piece",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "owner", "file", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("owner", models.UUIDField()),
                ("person", models.UUIDField()),
                ("file", models.UUIDField()),
                ("number", models.IntegerField()),
                ("sealed", models.BinaryField()),
            ],
            options={"indexes": [models.Index(fields=["owner", "person"], name="piece_by_person")]},
        ),
    ]
