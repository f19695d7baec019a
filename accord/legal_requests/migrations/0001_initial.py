from django.db import migrations, models

# Legal requests were part of the room `agencies`. The rows stay where they are: only the name of their table changes.
# `work` reads the table under its old name, so its first migration runs before.
MOVED = {
    "agencies_servedpaper": "legal_requests_servedrequest",
}


class Migration(migrations.Migration):
    initial = True

    dependencies = [("agencies", "0012_rooms_of_their_own"), ("work", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"alter table {old} rename to {new}", f"alter table {new} rename to {old}")
                for old, new in MOVED.items()
            ],
            state_operations=[
                migrations.CreateModel(
                    name='ServedRequest',
                    fields=[
                        ('pk', models.CompositePrimaryKey('owner', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.UUIDField()),
                        ('id', models.UUIDField()),
                        ('process', models.TextField()),
                        ('came_on', models.DateField()),
                        ('sent_at', models.DateTimeField()),
                        ('key_version', models.IntegerField()),
                        ('sealed', models.BinaryField()),
                        ('opened_at', models.DateTimeField(null=True)),
                        ('taken_at', models.DateTimeField(null=True)),
                        ('taken_by', models.UUIDField(null=True)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        )
    ]
