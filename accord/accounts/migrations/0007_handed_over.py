from django.db import migrations, models


class Migration(migrations.Migration):
    """Record in a session that its device was handed to a survivor, and return this when the session is loaded."""

    dependencies = [
        ('accounts', '0006_no_self_made_step_up'),
    ]

    operations = [
        migrations.AddField(
            model_name='session',
            name='handed',
            field=models.BinaryField(null=True),
        ),
        # The new version returns one more column, which `create or replace` can't add.
        migrations.RunSQL('drop function if exists accord.session_load(uuid)', migrations.RunSQL.noop),
    ]
