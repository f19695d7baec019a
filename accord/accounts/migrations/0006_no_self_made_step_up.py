from django.db import migrations


class Migration(migrations.Migration):
    """Drop a function that let any statement in a live session claim a recent second factor. Nothing calls it."""

    dependencies = [
        ('accounts', '0005_kept_forms'),
    ]

    operations = [
        migrations.RunSQL('drop function if exists accord.session_factor_checked()', migrations.RunSQL.noop),
    ]
