from django.db import migrations

# Tasks have a room of their own. Done ones move too: they can still be undone.
MOVED = """
insert into work_task (owner, id, code, about, matter, assignee, due_on, done_at, done_by)
select owner, id, code, person, matter, assignee, due_on, done_at, done_by from people_task
"""
BACK = """
insert into people_task (owner, id, code, person, matter, assignee, due_on, done_at, done_by)
select owner, id, code, about, matter, assignee, due_on, done_at, done_by from work_task
where about is not null and assignee is not null
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_who_did_a_task"), ("work", "0001_initial")]
    operations = [migrations.RunSQL(MOVED, BACK), migrations.DeleteModel("Task")]
