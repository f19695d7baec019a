from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("legal_requests", "0003_requests_are_exchanges"), ("people", "0004_tasks_move_to_work")]
    operations = [
        migrations.RunSQL(
            "update work_task set code = 'tell_person' where code = 'tell_her'",
            "update work_task set code = 'tell_her' where code = 'tell_person'",
        )
    ]
