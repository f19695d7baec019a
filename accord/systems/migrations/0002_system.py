from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("systems", "0001_initial")]
    operations = [
        migrations.RenameModel("MachineClient", "System"),
        # The names of a function's arguments can't be replaced.
        migrations.RunSQL(
            "drop function if exists accord.machine_connect("
            "uuid, text, text[], bytea, bytea, text[], text[], text, timestamptz)",
            migrations.RunSQL.noop,
        ),
    ]
