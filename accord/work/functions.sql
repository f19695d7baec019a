-- Tasks that another agency requests, tasks that close by themselves, and the clock for tasks.
-- work/terms.py generates `task_terms` from what the rooms declare.

-- Adds a task about a matter for a role at other agencies. A second call changes nothing. Only named functions that have
-- already checked the actor call this, such as a step of an exchange.
create or replace function accord.task_ask(of_code text, of_agencies uuid[], of_matter uuid) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into work_task (owner, id, code, matter, role, due_on, asked_by)
    select a.owner, gen_random_uuid(), terms.code, of_matter, terms.role,
      accord.local_day(a.owner, accord.now()) + terms.within, accord.actor_agency()
    from accord.task_terms() terms join agencies_agency a on a.owner = any(of_agencies)
    where terms.code = of_code and not exists (
      select 1 from work_task t where t.owner = a.owner and t.code = of_code and t.matter = of_matter)
$$;

-- Closes the agency's open tasks that end by themselves, for one person, one matter, or one due date. The colleague who
-- ends the matter doesn't have to be the one who has the task.
create or replace function accord.task_close(of_code text, of_person uuid, of_matter uuid, of_day date) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update work_task t set done_at = accord.now() where (t.owner, t.id) in (
    select o.owner, o.id from work_task o
    where o.owner = accord.actor_agency() and o.code = of_code and o.done_at is null
      and (of_person is not null or of_matter is not null)
      and (of_person is null or o.about = of_person) and (of_matter is null or o.matter = of_matter)
      and (of_day is null or o.due_on = of_day)
    order by o.id limit case when of_day is not null then 1 end)
$$;

-- A job. Once an open task escalates (by its agency's calendar), marks it and notifies the roles that the task names,
-- but not the colleague who has it, nor anyone who is barred from the person. The notice says only that something is
-- overdue. While it is unread, no second notice is written.
create or replace function accord.tasks_escalate() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with late as (
    update work_task t set escalated_at = accord.now()
    from accord.task_terms() terms
    where terms.code = t.code and t.done_at is null and t.escalated_at is null
      and t.due_on + terms.late <= accord.local_day(t.owner, accord.now())
    returning t.owner, t.about, t.assignee, case when terms.asker then t.asked_by else t.owner end as told,
      terms.tells, terms.notice)
  insert into accounts_notice (owner, id, membership, origin, code, at)
    select distinct on (m.owner, m.id, late.notice) m.owner, gen_random_uuid(), m.id, late.owner, late.notice, accord.now()
    from late join membership_membership m on m.owner = late.told and m.ended_at is null and m.account is not null
      and m.roles && late.tells and m.id is distinct from late.assignee
    where not exists (
        select 1 from sharing_assignment b
        join membership_membership o on o.owner = b.owner and o.id = b.membership and o.account = m.account
        where b.owner = late.owner and b.basis = 'barred' and (b.ended_at is null or b.ended_at > accord.now())
          and (b.about = late.about or exists (select 1 from sharing_joining j
            where j.owner = b.owner and j.parted_at is null and (b.about, late.about) in ((j.first, j.second), (j.second, j.first)))))
      and not exists (
        select 1 from accounts_notice n where n.owner = m.owner and n.membership = m.id and n.code = late.notice
          and not exists (select 1 from accounts_noticeseen s
            where s.owner = n.owner and s.membership = m.id and s.notice = n.id))
    order by m.owner, m.id, late.notice, late.owner
$$;

-- A job. Deletes a completed task about no person after a year, like the legal request that it was about.
create or replace function accord.tasks_sweep() returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from work_task t where t.about is null and t.done_at < accord.now() - interval '365 days'
$$;
