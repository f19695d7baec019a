from django.db import migrations, models


class Migration(migrations.Migration):
    """A session knows when its device is in a survivor's hands; the function that loads it says so."""

    dependencies = [
        ('accounts', '0006_no_self_made_step_up'),
    ]

    operations = [
        migrations.AddField(
            model_name='session',
            name='handed',
            field=models.BinaryField(null=True),
        ),
        # What it returns has one column more, which `create or replace` cannot do.
        migrations.RunSQL('drop function if exists accord.session_load(uuid)', migrations.RunSQL.noop),
    ]
