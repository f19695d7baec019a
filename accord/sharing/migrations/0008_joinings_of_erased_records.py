from django.db import migrations

# Erasing one of two joined records used to leave the row that joins them, and then nothing could be revoked.
DANGLING = """
delete from sharing_joining j where exists (
  select 1 from unnest(array[j.first, j.second]) as side(person)
  where not exists (select 1 from sharing_person p where p.owner = j.owner and p.id = side.person))
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0007_joined_records")]
    operations = [migrations.RunSQL(DANGLING, migrations.RunSQL.noop)]
