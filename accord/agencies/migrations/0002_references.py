"""Add foreign keys within an agency. Each starts with the owner, so that none reveals another agency's rows."""

from django.db import migrations

REFERENCES = (
    ("agencies_permit", "permit_of_agreement", "(owner, agreement)", "agencies_agreement (owner, id)"),
    ("agencies_invitation", "invitation_of_agency", "(owner)", "agencies_agency (owner)"),
    ("agencies_membership", "membership_of_agency", "(owner)", "agencies_agency (owner)"),
    ("agencies_membership", "membership_of_account", "(account)", "accounts_account (id)"),
    ("vault_ringseal", "seal_of_membership", "(owner, membership)", "agencies_membership (owner, id)"),
    ("vault_ringseal", "seal_of_key", "(owner, code, version)", "vault_ringkey (owner, code, version)"),
)


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_initial"), ("accounts", "0001_initial"), ("vault", "0001_initial")]
    operations = [
        migrations.RunSQL(
            f"alter table {table} add constraint {name} foreign key {columns} references {target}",
            f"alter table {table} drop constraint {name}",
        )
        for table, name, columns, target in REFERENCES
    ]
