"""The queue's tables as Procrastinate 3.10 makes them, and when each job last ran.

A copy, so that an old and a new installation come to the same tables. Procrastinate changes them in numbered files; a
newer version that brings another one needs a migration here (`tests/jobs` says so). Its own Django application would
bring models and a second of imports to every process.
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
