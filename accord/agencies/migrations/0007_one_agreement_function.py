from django.db import migrations


class Migration(migrations.Migration):
    """Drop two functions that had the same rule, and the policies that call the first function.

    The floors are rewritten after every migration. Until then, `web` can't read share keys.
    """

    dependencies = [
        ('agencies', '0006_served_papers'),
    ]

    operations = [
        migrations.RunSQL(
            'drop function if exists accord.agreement_in_force(uuid, uuid, text) cascade;'
            'drop function if exists accord.agreement_lasts(uuid, uuid, text, timestamptz)',
            migrations.RunSQL.noop,
        ),
    ]
