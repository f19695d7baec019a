from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sharing", "0006_replaced_revisions")]
    operations = [
        migrations.CreateModel(
            name="Joining",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "owner", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("owner", models.UUIDField()),
                ("id", models.UUIDField()),
                ("first", models.UUIDField()),
                ("second", models.UUIDField()),
                ("by", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("parted_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
