from typing import ClassVar

from django.db import migrations

from accord.exchange.terms import HASH

# Submissions are steps of an exchange with the statistics unit. Their seals stay as they are, because a step of this
# kind is bound to what a submission was bound to (numbers/workflows.py). The hash is that of `accord.exchange_hash`.
MOVED = """
do $$
declare
  submission numbers_submission;
  step exchange_step;
  which uuid;
  link bytea;
begin
  for submission in select * from numbers_submission order by owner, measure, version, period, revision loop
    if submission.revision = 1 then which := gen_random_uuid(); link := ''; end if;
    insert into exchange_step (owner, asker, exchange, answerer, step, code, action, state, topic, readers, former,
                               ring_version, sealed, own_ring_version, sealed_own, at, "by")
      values (submission.owner, submission.owner, which, submission.submitted_to, submission.revision, 'totals',
              case submission.state when 'submitted' then 'submit' else 'reopen' end, submission.state,
              concat_ws(' ', submission.measure, submission.version, submission.period),
              array[submission.owner, submission.submitted_to], link, submission.ring_version, submission.sealed,
              submission.own_ring_version, submission.sealed_own, submission.at, submission."by")
      returning * into step;
    link := @HASH@;
  end loop;
end $$;
drop function if exists accord.totals_across(jsonb);
""".replace("@HASH@", HASH)
BACK = """
insert into numbers_submission (owner, submitted_to, measure, version, period, revision, state, ring_version, sealed,
                                own_ring_version, sealed_own, at, "by")
select owner, answerer, split_part(topic, ' ', 1), split_part(topic, ' ', 2)::integer, split_part(topic, ' ', 3), step, state,
       ring_version, sealed, own_ring_version, sealed_own, at, "by"
from exchange_step where code = 'totals';
delete from exchange_step where code = 'totals';
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("numbers", "0002_sum_of_what"), ("exchange", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(MOVED, BACK), migrations.DeleteModel("Submission")]
