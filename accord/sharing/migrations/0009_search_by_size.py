from django.db import migrations

# The search index is made anew by searches (accord/people/finding.py): an agency of at most a thousand people has none
# any more, and in a larger one whoever had no row (a name in another script, or one that a connected system brought)
# waits for some. -1 is `rules.WAITING`.
LARGE = "select owner from sharing_person group by owner having count(*) > 1000"
FORWARD = f"""
delete from sharing_searchtoken where owner not in ({LARGE});
insert into sharing_searchtoken (owner, bucket, person)
select p.owner, -1, p.id from sharing_person p where p.owner in ({LARGE})
  and not exists (select from sharing_searchtoken t where t.owner = p.owner and t.person = p.id);
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0008_joinings_of_erased_records")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
