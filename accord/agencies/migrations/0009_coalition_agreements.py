import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add one agreement for many agencies. Signing now accepts a partner's keys only after they were compared by phone.
    Earlier signatures, which accepted the keys without a check, stay in effect."""

    dependencies = [
        ("agencies", "0008_agreements_stay_with_several"),
    ]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="coalition",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="agreement",
            index=models.Index(fields=["coalition"], name="agreement_by_coalition"),
        ),
        migrations.AddField(
            model_name="signature",
            name="checked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="CoalitionAgreement",
            fields=[
                ("pk", models.CompositePrimaryKey("owner", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("owner", models.UUIDField()),
                ("id", models.UUIDField()),
                ("title", models.TextField()),
                ("kinds", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("starts_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="AgreementRequest",
            fields=[
                ("pk", models.CompositePrimaryKey("owner", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("owner", models.UUIDField()),
                ("id", models.UUIDField()),
                ("submitted_to", models.UUIDField()),
                ("partner", models.UUIDField(null=True)),
                ("by", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="KeyCheck",
            fields=[
                ("pk", models.CompositePrimaryKey("owner", "partner", "at", blank=True, editable=False, primary_key=True, serialize=False)),
                ("owner", models.UUIDField()),
                ("partner", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField()),
                ("words", models.TextField()),
            ],
        ),
        migrations.RunSQL("update agencies_signature set checked_at = at", migrations.RunSQL.noop),
        migrations.RunSQL("drop function if exists accord.agreement_sign(uuid)", migrations.RunSQL.noop),
    ]
