from django.db import migrations

# Searches rebuild the search index (accord/people/finding.py). An agency with at most a thousand people no longer has
# an index. In a larger agency, names without a row (in another script, or added by a connected system) are marked as
# not indexed yet. -1 is `rules.WAITING`.
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
