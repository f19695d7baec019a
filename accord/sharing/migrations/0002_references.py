"""Foreign keys. They stay inside one agency and start with the owner. Only a share's recipient points to another
agency.

Keys and shares do not reference persons, because the two files in a backup may be from different days
(config/backup.py), and the newest keys are restored with older data.
"""

from django.db import migrations

REFERENCES = (
    ("sharing_entry", "entry_of_person", "(owner, person)", "sharing_person (owner, id)"),
    ("sharing_searchtoken", "token_of_person", "(owner, person)", "sharing_person (owner, id) on delete cascade"),
    ("sharing_sharekey", "key_of_share", "(owner, share)", "sharing_share (owner, id)"),
    ("sharing_share", "share_to_agency", "(recipient)", "agencies_agency (owner)"),
)


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_initial"), ("agencies", "0001_initial")]
    operations = [
        migrations.RunSQL(
            f"alter table {table} add constraint {name} foreign key {columns} references {target}",
            f"alter table {table} drop constraint {name}",
        )
        for table, name, columns, target in REFERENCES
    ]
