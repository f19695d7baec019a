from typing import ClassVar

from django.db import migrations

from accord.exchange.terms import HASH

# Legal requests that the hub forwarded are exchanges. Their seals stay as they are, because a step of this kind is bound to
# what a request was bound to (legal_requests/workflows.py). Who forwarded or first opened one was not in the table. The
# hash is that of `accord.exchange_hash`.
MOVED = """
do $$
declare
  step exchange_step;
  link bytea := '';
  hub uuid := (select a.owner from agencies_agency a where a.kind = 'hub' order by a.since limit 1);
  no_one uuid := '00000000-0000-0000-0000-000000000000';
  each record;
begin
  for each in
    select r.*, moved.action, moved.at as moved_at, moved."by" as moved_by,
      row_number() over lane as place,
      case when moved.action = 'take_on' or r.taken_at <= moved.at then 'taken_on'
           when moved.action = 'open' then 'opened' else 'sent' end as state
    from legal_requests_servedrequest r
    cross join lateral (values ('forward', r.sent_at, no_one, 1), ('open', r.opened_at, no_one, 2),
                               ('take_on', r.taken_at, r.taken_by, 3)) as moved(action, at, "by", turn)
    where moved.at is not null
    window lane as (partition by r.owner, r.id order by moved.turn <> 1, moved.at, moved.turn)
    order by r.owner, r.id, place
  loop
    if each.place = 1 then link := ''; end if;
    insert into exchange_step (owner, asker, exchange, answerer, step, code, action, state, topic, day, readers, former,
                               ring_version, sealed, own_ring_version, sealed_own, at, "by")
      values (case when each.place = 1 then hub else each.owner end, hub, each.id, each.owner, each.place, 'legal-request',
              each.action, each.state, each.process, each.came_on, array[each.owner], link,
              case when each.place = 1 then each.key_version else 0 end,
              case when each.place = 1 then each.sealed else ''::bytea end, 0, '', each.moved_at, each.moved_by)
      returning * into step;
    link := @HASH@;
  end loop;
end $$;
update jobs_run set name = 'exchanges_sweep' where name = 'legal_requests_sweep';
drop function if exists accord.legal_requests_forwarded();
drop function if exists accord.legal_request_opened(uuid);
drop function if exists accord.legal_requests_sweep();
drop function if exists accord.legal_request_forward(uuid, text, date, uuid[], integer[], bytea[]);
drop function if exists accord.legal_request_take_on(uuid);
drop function if exists accord.legal_request_waits(uuid, uuid);
drop function if exists accord.task_may_ask(text, uuid, uuid);
drop function if exists accord.task_ask(text, uuid[], uuid);
drop function if exists accord.exchange_moves();
""".replace("@HASH@", HASH)
BACK = """
insert into legal_requests_servedrequest (owner, id, process, came_on, sent_at, key_version, sealed, opened_at, taken_at,
                                          taken_by)
select s.answerer, s.exchange, s.topic, s.day, s.at, s.ring_version, s.sealed,
  (select min(o.at) from exchange_step o where (o.asker, o.exchange, o.answerer, o.action)
    = (s.asker, s.exchange, s.answerer, 'open')), taken.at, taken."by"
from exchange_step s left join exchange_step taken on (taken.asker, taken.exchange, taken.answerer, taken.action)
  = (s.asker, s.exchange, s.answerer, 'take_on')
where s.code = 'legal-request' and s.step = 1;
delete from exchange_step where code = 'legal-request';
update jobs_run set name = 'legal_requests_sweep' where name = 'exchanges_sweep';
drop function if exists accord.task_ask(text, uuid[], uuid);
drop function if exists accord.exchange_moves();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("legal_requests", "0002_named_as_on_screen"), ("exchange", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(MOVED, BACK), migrations.DeleteModel("ServedRequest")]
