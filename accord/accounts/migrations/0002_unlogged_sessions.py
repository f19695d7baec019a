"""Make the session table unlogged. It holds opened rings (encrypted), so it must not be in any backup or write-ahead
log."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "alter table accounts_session set unlogged",
            "alter table accounts_session set logged",
        ),
        migrations.RunSQL(
            "alter table accounts_recoverycode add constraint recoverycode_of_account "
            "foreign key (account) references accounts_account (id) on delete cascade",
            "alter table accounts_recoverycode drop constraint recoverycode_of_account",
        ),
    ]
