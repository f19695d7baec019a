from django.db import migrations


class Migration(migrations.Migration):
    """Drop the old `agreements_stay`, which took a single partner. The new one takes several."""

    dependencies = [
        ("agencies", "0007_one_agreement_function"),
    ]

    operations = [
        migrations.RunSQL("drop function if exists accord.agreements_stay(uuid)", migrations.RunSQL.noop),
    ]
