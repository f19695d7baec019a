from django.db import migrations

# These tables have rooms of their own: `membership`, `agreements`, `systems`, and `legal_requests`. Their first migrations
# rename the tables. Nothing is deleted here.
MOVED = (
    "Agreement",
    "AgreementRequest",
    "CoalitionAgreement",
    "Invitation",
    "KeyCheck",
    "MachineClient",
    "Membership",
    "Permit",
    "Pin",
    "RecoveryKey",
    "RecoveryStart",
    "Reset",
    "ServedPaper",
    "Signature",
)


class Migration(migrations.Migration):
    dependencies = [("agencies", "0011_key_check_of_several")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name) for name in MOVED])
    ]
