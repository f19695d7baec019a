from django.db import migrations


class Migration(migrations.Migration):
    """`agreements_stay` takes several partners: the one that took a single one must not stay behind."""

    dependencies = [
        ("agencies", "0007_one_agreement_function"),
    ]

    operations = [
        migrations.RunSQL("drop function if exists accord.agreements_stay(uuid)", migrations.RunSQL.noop),
    ]
