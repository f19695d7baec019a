from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0010_contact_lines'),
    ]

    operations = [
        migrations.RunSQL("drop function if exists accord.keys_check(uuid, text)", migrations.RunSQL.noop),
    ]
