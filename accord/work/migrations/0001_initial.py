from django.db import migrations, models

# Legal requests that the hub forwarded and that no one handles yet: from now on each is a task for the privacy
# officers, as `accord.paper_forward` and `accord.task_ask` make them.
FORWARDED = """
insert into work_task (owner, id, code, matter, role, due_on, asked_by)
select p.owner, gen_random_uuid(), 'handle-paper', p.id, 'officer', (p.sent_at at time zone a.zone)::date + 3,
  (select h.owner from agencies_agency h where h.kind = 'hub' order by h.since limit 1)
from agencies_servedpaper p join agencies_agency a on a.owner = p.owner where p.taken_at is null
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("agencies", "0006_served_papers")]

    operations = [
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "owner", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("owner", models.UUIDField()),
                ("id", models.UUIDField()),
                ("code", models.TextField()),
                ("about", models.UUIDField(null=True)),
                ("matter", models.UUIDField(null=True)),
                ("assignee", models.UUIDField(null=True)),
                ("role", models.TextField(null=True)),
                ("due_on", models.DateField()),
                ("asked_by", models.UUIDField(null=True)),
                ("escalated_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner", "assignee"], name="work_by_assignee"),
                    models.Index(fields=["owner", "role"], name="work_by_role"),
                    models.Index(fields=["owner", "about"], name="work_by_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(assignee__isnull=True, role__isnull=False)
                        | models.Q(assignee__isnull=False, role__isnull=True),
                        name="work_for_one_or_a_role",
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARDED, migrations.RunSQL.noop),
    ]
