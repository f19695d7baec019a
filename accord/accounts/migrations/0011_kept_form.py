from django.db import migrations

# A kept form was called a draft here. The functions are written again under their new names after every migration.
OLD = ("draft_place(uuid)", "draft_keep(uuid, uuid, bytea)", "drafts_mine()", "draft_drop(uuid)", "drafts_sweep()")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_what_a_notice_is_about"), ("jobs", "0002_when_a_worker_started")]

    operations = [
        migrations.RenameModel("Draft", "KeptForm"),
        migrations.RenameIndex("keptform", new_name="kept_form_by_account", old_name="draft_by_account"),
        migrations.RunSQL(
            "update jobs_run set name = 'kept_forms_sweep' where name = 'drafts_sweep'",
            "update jobs_run set name = 'drafts_sweep' where name = 'kept_forms_sweep'",
        ),
        *(migrations.RunSQL(f"drop function if exists accord.{name}", migrations.RunSQL.noop) for name in OLD),
    ]
