from django.db import migrations


class Migration(migrations.Migration):
    """A function that let any statement of a live session say that the second factor was shown just now. Nobody calls it."""

    dependencies = [
        ('accounts', '0005_kept_forms'),
    ]

    operations = [
        migrations.RunSQL('drop function if exists accord.session_factor_checked()', migrations.RunSQL.noop),
    ]
