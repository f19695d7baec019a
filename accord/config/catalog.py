"""Queries on PostgreSQL's catalog that show what exists in an installation.

`verify.py` compares the results of the first two queries with what Accord writes. The third query finds things that
Accord never creates.
"""

from __future__ import annotations

from accord.config import roles
from accord.config.database import ROLES

# Who may see what, with one line of text for each policy, grant, owner, and function.
FLOOR = """
select format('policy %s of %s', policyname, tablename), format('%s %s %s %s %s', permissive, roles, cmd, qual, with_check)
  from pg_policies where schemaname = 'public'
union all
select 'table ' || c.relname, format('%s %s %s %s %s', c.relkind, c.relrowsecurity, c.relforcerowsecurity,
    c.relowner::regrole, (select array_agg(a::text order by a::text) from unnest(c.relacl) a))
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
union all
select format('column %s of %s', a.attname, c.relname), a.attacl::text
  from pg_attribute a join pg_class c on c.oid = a.attrelid
  where c.relnamespace = 'public'::regnamespace and a.attacl is not null
union all
select 'function ' || p.oid::regprocedure, format('%s %s %s %s', case when p.prokind in ('f', 'p') then pg_get_functiondef(p.oid)
    end, p.prokind, p.proowner::regrole, (select array_agg(a::text order by a::text) from unnest(p.proacl) a))
  from pg_proc p where p.pronamespace in ('public'::regnamespace, 'accord'::regnamespace)
union all
select 'schema ' || nspname, format('%s %s', nspowner::regrole,
    (select array_agg(a::text order by a::text) from unnest(nspacl) a))
  from pg_namespace where nspname in ('public', 'accord')
"""

# How the tables in the first schema on the search path are built, in PostgreSQL's own text without the schema's name.
BUILT = """
with here as (select oid, relname, relkind, relpersistence, reloptions, relispartition, reltablespace from pg_class
              where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f', 'S'))
select 'table ' || relname, format('%s %s %s %s %s', relkind, relpersistence, reloptions, relispartition, reltablespace) from here
union all
select format('column %s of %s', a.attname, h.relname), format('%s %s %s %s %s %s', format_type(a.atttypid, a.atttypmod),
    a.attnotnull, a.attidentity, a.attgenerated, a.attcollation, pg_get_expr(d.adbin, d.adrelid, true))
  from pg_attribute a join here h on h.oid = a.attrelid left join pg_attrdef d on d.adrelid = h.oid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped and h.relkind in ('r', 'p')
union all
select format('constraint %s of %s', conname, relname), format('%s %s', pg_get_constraintdef(c.oid, true), c.convalidated)
  from pg_constraint c join here h on h.oid = c.conrelid where c.contype <> 'n'
union all
select format('index %s of %s', i.indexrelid::regclass, h.relname),
    format('%s %s', pg_get_indexdef(i.indexrelid, 0, true), i.indisvalid)
  from pg_index i join here h on h.oid = i.indrelid
union all
select format('rule %s of %s', r.rulename, h.relname), format('%s %s', pg_get_ruledef(r.oid, true), r.ev_enabled)
  from pg_rewrite r join here h on h.oid = r.ev_class where r.rulename <> '_RETURN'
union all
select format('trigger %s of %s', t.tgname, h.relname), format('%s %s', pg_get_triggerdef(t.oid, true), t.tgenabled)
  from pg_trigger t join here h on h.oid = t.tgrelid where not t.tgisinternal
union all
select format('references of %s', h.relname), string_agg(distinct t.tgenabled::text, '')
  from pg_trigger t join here h on h.oid = t.tgrelid where t.tgisinternal group by h.relname
union all
select format('parent of %s', h.relname), i.inhparent::regclass::text from pg_inherits i join here h on h.oid = i.inhrelid
union all
select 'function ' || oid::regprocedure, format('%s %s %s', prosrc, prosecdef, proconfig) from pg_proc
  where pronamespace = current_schema()::regnamespace
union all
select 'type ' || typname, typtype::text from pg_type t where t.typnamespace = current_schema()::regnamespace and t.typtype <> 'b'
  and not exists (select 1 from here h where h.oid = t.typrelid)
"""

# Things that Accord never creates and that could bypass or change the floor. Objects with numbers from 16384 up were
# created after the database itself.
STRANGE = """
with ours as (select oid, rolname from pg_roles where rolname in (OUR_ROLES)),
who as (select oid, rolname::text from ours union all select 0, 'public')
select format('role %s may act as %s', m.member::regrole, m.roleid::regrole) from pg_auth_members m
  where (m.member in (select oid from ours) or m.roleid in (select oid from ours))
  and (m.admin_option or (m.roleid::regrole::text, m.member::regrole::text) not in (select 'accord_reader', 'accord_web'))
union all
select format('setting for every role: %s', c) from pg_db_role_setting s cross join unnest(s.setconfig) c
  where s.setrole = 0 and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
union all
select format('schema %s', nspname) from pg_namespace
  where nspname !~ '^pg_' and nspname not in ('public', 'accord', 'information_schema')
union all
select format('database %s belongs to %s', datname, datdba::regrole) from pg_database
  where datname = current_database() and datdba::regrole::text <> 'accord_owner'
union all
select format('database: %s to %s', a.privilege_type, coalesce(r.rolname, 'public')) from pg_database d
  cross join aclexplode(d.datacl) a left join pg_roles r on r.oid = a.grantee where d.datname = current_database()
  and coalesce(r.rolname, 'public') <> 'accord_owner'
  and (a.privilege_type <> 'CONNECT' or coalesce(r.rolname, 'public') not in ('accord_web', 'accord_worker', 'accord_backup'))
union all
select format('%s belongs to %s', c.oid::regclass, c.relowner::regrole) from pg_class c
  where c.relnamespace in ('public'::regnamespace, 'accord'::regnamespace) and c.relowner::regrole::text <> 'accord_owner'
union all
select format('function %s belongs to %s', p.oid::regprocedure, p.proowner::regrole) from pg_proc p
  where p.pronamespace in ('public'::regnamespace, 'accord'::regnamespace) and p.proowner::regrole::text <> 'accord_owner'
union all
select format('schema %s belongs to %s', nspname, nspowner::regrole) from pg_namespace
  where nspname in ('public', 'accord') and nspowner::regrole::text <> 'accord_owner'
union all
select 'database: open to everyone'  from pg_database where datname = current_database() and datacl is null
union all
select format('table accord.%s', relname) from pg_class where relnamespace = 'accord'::regnamespace and relkind <> 'i'
union all
select format('%s to %s on %s', a.privilege_type, coalesce(r.rolname, 'public'), c.oid::regclass) from pg_class c
  cross join aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
  where c.relnamespace = 'public'::regnamespace and a.grantee not in (select oid from ours)
union all
select format('%s to %s on column %s of %s', a.privilege_type, coalesce(r.rolname, 'public'), t.attname, c.oid::regclass)
  from pg_attribute t join pg_class c on c.oid = t.attrelid cross join aclexplode(t.attacl) a
  left join pg_roles r on r.oid = a.grantee
  where c.relnamespace = 'public'::regnamespace and a.grantee not in (select oid from ours)
union all
select format('%s to %s on schema %s', a.privilege_type, coalesce(r.rolname, 'public'), n.nspname) from pg_namespace n
  cross join aclexplode(n.nspacl) a left join pg_roles r on r.oid = a.grantee
  where n.nspname in ('public', 'accord') and a.grantee not in (select oid from ours)
union all
select format('event trigger %s', evtname) from pg_event_trigger
union all
select format('extension %s', extname) from pg_extension where extname <> 'plpgsql'
union all
select format('language %s', lanname) from pg_language where lanname not in ('internal', 'c', 'sql', 'plpgsql')
union all
select format('foreign data wrapper %s', fdwname) from pg_foreign_data_wrapper
union all
select format('foreign server %s', srvname) from pg_foreign_server
union all
select format('publication %s', pubname) from pg_publication
union all
select format('subscription %s', subname) from pg_subscription
  where subdbid = (select oid from pg_database where datname = current_database())
union all
select format('replication slot %s', slot_name) from pg_replication_slots where database = current_database()
union all
select format('default privileges of %s', defaclrole::regrole) from pg_default_acl
union all
select format('parameter %s to %s', p.parname, w.rolname) from pg_parameter_acl p cross join aclexplode(p.paracl) a
  join who w on w.oid = a.grantee
union all
select format('cast from %s to %s', castsource::regtype, casttarget::regtype) from pg_cast where oid >= 16384
union all
select format('operator %s', oid::regoperator) from pg_operator where oid >= 16384
union all
select format('operator class %s', opcname) from pg_opclass where oid >= 16384
union all
select format('access method %s', amname) from pg_am where oid >= 16384
union all
select format('large object %s', oid) from pg_largeobject_metadata
union all
select format('function pg_catalog.%s', proname) from pg_proc
  where oid >= 16384 and pronamespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
union all
select format('table pg_catalog.%s', relname) from pg_class
  where oid >= 16384 and relnamespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
union all
select format('trigger %s of %s', tgname, tgrelid::regclass) from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where not tgisinternal and c.relnamespace <> 'public'::regnamespace
union all
select format('%s to %s on %s', a.privilege_type, w.rolname, c.oid::regclass) from pg_class c
  cross join aclexplode(c.relacl) a join who w on w.oid = a.grantee
  left join pg_init_privs i on i.objoid = c.oid and i.classoid = 'pg_class'::regclass and i.objsubid = 0
  where not (c.relnamespace = 'information_schema'::regnamespace and a.privilege_type = 'SELECT' and a.grantee = 0)
  and c.relnamespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) and not exists (
    select 1 from aclexplode(i.initprivs) was where was.grantee = a.grantee and was.privilege_type = a.privilege_type)
union all
select format('%s to %s on column %s of %s', a.privilege_type, w.rolname, t.attname, c.oid::regclass) from pg_attribute t
  join pg_class c on c.oid = t.attrelid cross join aclexplode(t.attacl) a join who w on w.oid = a.grantee
  left join pg_init_privs i on i.objoid = c.oid and i.classoid = 'pg_class'::regclass and i.objsubid = t.attnum
  where c.relnamespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) and not exists (
    select 1 from aclexplode(i.initprivs) was where was.grantee = a.grantee and was.privilege_type = a.privilege_type)
union all
select format('EXECUTE to %s on %s', w.rolname, p.oid::regprocedure) from pg_proc p
  cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a join who w on w.oid = a.grantee
  left join pg_init_privs i on i.objoid = p.oid and i.classoid = 'pg_proc'::regclass and i.objsubid = 0
  where p.pronamespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  and (p.oid in (CLOSED)
    or not exists (
      select 1 from aclexplode(coalesce(i.initprivs, acldefault('f', p.proowner))) was where was.grantee = a.grantee))
""".replace("OUR_ROLES", ", ".join(f"'accord_{role}'" for role in ROLES)).replace("CLOSED", roles.CLOSED_FUNCTIONS)
