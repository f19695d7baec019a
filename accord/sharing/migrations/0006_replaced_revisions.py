"""Store when a revision was replaced, so that later shares leave that revision out."""

from django.db import migrations, models

ALREADY = """
update sharing_entry old set replaced_at = new.at from sharing_entry new
where new.owner = old.owner and new.person = old.person and new.kind = old.kind and new.series = old.series
  and new.revision = old.revision + 1
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0005_erasure_and_holds")]
    operations = [
        migrations.AddField("entry", "replaced_at", models.DateTimeField(null=True)),
        migrations.RunSQL(ALREADY, migrations.RunSQL.noop),
    ]
