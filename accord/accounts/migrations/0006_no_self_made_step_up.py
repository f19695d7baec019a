from django.db import migrations


class Migration(migrations.Migration):
    """Drop a function with which any statement of a live session could claim a recent second factor. Nothing calls it."""

    dependencies = [
        ('accounts', '0005_kept_forms'),
    ]

    operations = [
        migrations.RunSQL('drop function if exists accord.session_factor_checked()', migrations.RunSQL.noop),
    ]
