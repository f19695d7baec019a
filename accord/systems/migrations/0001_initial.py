import django.contrib.postgres.fields
from django.db import migrations, models

# Connected systems were part of the room `agencies`. The rows stay where they are: only the name of their table changes.
MOVED = {
    "agencies_machineclient": "systems_machineclient",
}


class Migration(migrations.Migration):
    initial = True

    dependencies = [("agencies", "0012_rooms_of_their_own"), ("membership", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"alter table {old} rename to {new}", f"alter table {new} rename to {old}")
                for old, new in MOVED.items()
            ],
            state_operations=[
                migrations.CreateModel(
                    name='MachineClient',
                    fields=[
                        ('pk', models.CompositePrimaryKey('owner', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.UUIDField()),
                        ('id', models.UUIDField()),
                        ('ticket_hash', models.BinaryField()),
                        ('made_by', models.UUIDField()),
                        ('made_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('used_at', models.DateTimeField(null=True)),
                        ('writes', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                        ('reads', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                        ('purpose', models.TextField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['ticket_hash'], name='machine_by_ticket')],
                    },
                ),
            ],
        )
    ]
