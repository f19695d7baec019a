"""The queue's tables as Procrastinate 3.10 creates them, and a table of when each job last ran.

This is a copy of Procrastinate's SQL, so that old and new installations end up with the same tables. Procrastinate
changes its tables in numbered files. If a newer version adds a file, a migration is needed here (`tests/jobs` checks
this). Procrastinate's own Django app would add models and a second of import time to every process.
"""

from importlib import resources

from django.db import migrations, models

UP_TO = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
SCHEMA = resources.files("accord.jobs.migrations").joinpath("procrastinate.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(SCHEMA),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("done_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
