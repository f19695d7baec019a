from django.db import migrations


class Migration(migrations.Migration):
    """These functions now take the files of a draft, and the new ones are made after the migrations."""

    dependencies = [("drafts", "0001_initial"), ("files", "0002_piece_draft_piece_piece_by_draft")]

    operations = [
        migrations.RunSQL(
            "drop function if exists accord.draft_save(uuid, text, uuid, text, integer, bytea, integer);"
            "drop function if exists accord.draft_finish(text, uuid, integer)",
            migrations.RunSQL.noop,
        )
    ]
