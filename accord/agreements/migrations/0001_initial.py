import django.contrib.postgres.fields
from django.db import migrations, models

# Agreements were part of the room `agencies`. The rows stay where they are: only the names of their tables change.
MOVED = {
    "agencies_agreement": "agreements_agreement",
    "agencies_coalitionagreement": "agreements_coalitionagreement",
    "agencies_agreementrequest": "agreements_agreementrequest",
    "agencies_permit": "agreements_permit",
    "agencies_signature": "agreements_signature",
    "agencies_keycheck": "agreements_keycheck",
    "agencies_pin": "agreements_pin",
}


class Migration(migrations.Migration):
    initial = True

    dependencies = [("agencies", "0012_rooms_of_their_own")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"alter table {old} rename to {new}", f"alter table {new} rename to {old}")
                for old, new in MOVED.items()
            ],
            state_operations=[
                migrations.CreateModel(
                    name='AgreementRequest',
                    fields=[
                        ('pk', models.CompositePrimaryKey('owner', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.UUIDField()),
                        ('id', models.UUIDField()),
                        ('submitted_to', models.UUIDField()),
                        ('partner', models.UUIDField(null=True)),
                        ('by', models.UUIDField()),
                        ('at', models.DateTimeField()),
                        ('closed_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='CoalitionAgreement',
                    fields=[
                        ('pk', models.CompositePrimaryKey('owner', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.UUIDField()),
                        ('id', models.UUIDField()),
                        ('title', models.TextField()),
                        ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                        ('starts_at', models.DateTimeField()),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='KeyCheck',
                    fields=[
                        ('pk', models.CompositePrimaryKey('owner', 'partner', 'at', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.UUIDField()),
                        ('partner', models.UUIDField()),
                        ('at', models.DateTimeField()),
                        ('by', models.UUIDField()),
                        ('words', models.TextField()),
                    ],
                ),
                migrations.CreateModel(
                    name='Permit',
                    fields=[
                        ('pk', models.CompositePrimaryKey('owner', 'agreement', 'giver', 'taker', 'kind', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.UUIDField()),
                        ('agreement', models.UUIDField()),
                        ('giver', models.UUIDField()),
                        ('taker', models.UUIDField()),
                        ('kind', models.TextField()),
                    ],
                ),
                migrations.CreateModel(
                    name='Pin',
                    fields=[
                        ('pk', models.CompositePrimaryKey('owner', 'partner', 'code', 'version', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.UUIDField()),
                        ('partner', models.UUIDField()),
                        ('code', models.TextField()),
                        ('version', models.IntegerField()),
                        ('public_hash', models.BinaryField()),
                        ('at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='Signature',
                    fields=[
                        ('pk', models.CompositePrimaryKey('owner', 'agreement', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.UUIDField()),
                        ('agreement', models.UUIDField()),
                        ('membership', models.UUIDField()),
                        ('at', models.DateTimeField()),
                        ('checked_at', models.DateTimeField(null=True)),
                        ('reviewed_at', models.DateTimeField(null=True)),
                        ('left_at', models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Agreement',
                    fields=[
                        ('pk', models.CompositePrimaryKey('owner', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.UUIDField()),
                        ('id', models.UUIDField()),
                        ('title', models.TextField()),
                        ('starts_at', models.DateTimeField()),
                        ('review_due_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('coalition', models.UUIDField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['coalition'], name='agreement_by_coalition')],
                    },
                ),
            ],
        )
    ]
