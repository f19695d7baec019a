import django.contrib.postgres.fields
from django.db import migrations, models

# Memberships were part of the room `agencies`. The rows stay where they are: only the names of their tables change.
MOVED = {
    "agencies_membership": "membership_membership",
    "agencies_reset": "membership_reset",
    "agencies_recoverykey": "membership_recoverykey",
    "agencies_recoverystart": "membership_recoverystart",
    "agencies_invitation": "membership_invitation",
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
                    name='Invitation',
                    fields=[
                        ('pk', models.CompositePrimaryKey('owner', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.UUIDField()),
                        ('id', models.UUIDField()),
                        ('name', models.TextField()),
                        ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                        ('code_hash', models.BinaryField()),
                        ('by', models.UUIDField()),
                        ('at', models.DateTimeField()),
                        ('used_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Membership',
                    fields=[
                        ('pk', models.CompositePrimaryKey('owner', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.UUIDField()),
                        ('id', models.UUIDField()),
                        ('account', models.UUIDField(null=True)),
                        ('name', models.TextField()),
                        ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                        ('public', models.BinaryField()),
                        ('sealed', models.BinaryField()),
                        ('since', models.DateTimeField()),
                        ('trained_until', models.DateField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('reset_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='RecoveryKey',
                    fields=[
                        ('pk', models.CompositePrimaryKey('owner', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.UUIDField()),
                        ('id', models.UUIDField()),
                        ('public', models.BinaryField()),
                        ('by', models.UUIDField()),
                        ('at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='RecoveryStart',
                    fields=[
                        ('pk', models.CompositePrimaryKey('owner', 'recovery', 'membership', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.UUIDField()),
                        ('recovery', models.UUIDField()),
                        ('membership', models.UUIDField()),
                        ('sealed', models.BinaryField()),
                        ('by', models.UUIDField()),
                        ('at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='Reset',
                    fields=[
                        ('pk', models.CompositePrimaryKey('owner', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.UUIDField()),
                        ('id', models.UUIDField()),
                        ('membership', models.UUIDField()),
                        ('factor', models.BooleanField()),
                        ('code_hash', models.BinaryField()),
                        ('by', models.UUIDField()),
                        ('at', models.DateTimeField()),
                        ('used_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        )
    ]
