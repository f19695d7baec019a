from django.db import migrations


class Migration(migrations.Migration):
    """Two functions that held one rule. The policies that call the first go with it: the floors are written anew after
    every migration, and until then `web` reads no share key."""

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
