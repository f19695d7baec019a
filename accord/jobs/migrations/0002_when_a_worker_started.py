from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.AddField("run", "started_at", models.DateTimeField(null=True)),
        migrations.RunSQL("drop function if exists accord.jobs_seen()", migrations.RunSQL.noop),
    ]
