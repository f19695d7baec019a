from django.db import migrations

# Tasks, notices and jobs are named as on screen. Entries in audit logs keep their codes (`paper-opened` and others),
# because a log is a signed chain and never changes.
TASKS = {"handle-paper": "handle-legal-request", "answer_paper": "answer_legal_request"}
NOTICES = {"paper-came": "legal-request-came", "paper-not-handled": "legal-request-not-handled"}
JOBS = {"papers_sweep": "legal_requests_sweep"}
COLUMNS = (("work_task", "code", TASKS), ("accounts_notice", "code", NOTICES), ("jobs_run", "name", JOBS))
GONE = (
    *("paper_forward(uuid, text, date, uuid[], integer[], bytea[])", "papers_forwarded()", "paper_opened(uuid)"),
    *("papers_sweep()", "paper_take_on(uuid)", "paper_waits(uuid, uuid)"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("legal_requests", "0001_initial"),
        ("work", "0001_initial"),
        ("accounts", "0007_handed_over"),
        ("jobs", "0002_when_a_worker_started"),
    ]
    operations = [
        *(
            migrations.RunSQL(
                f"update {table} set {column} = '{new}' where {column} = '{old}'",
                f"update {table} set {column} = '{old}' where {column} = '{new}'",
            )
            for table, column, names in COLUMNS
            for old, new in names.items()
        ),
        *(migrations.RunSQL(f"drop function if exists accord.{name}", migrations.RunSQL.noop) for name in GONE),
    ]
