import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0004_coming_back'),
    ]

    operations = [
        migrations.AlterField(
            model_name='membership',
            name='account',
            field=models.UUIDField(null=True),
        ),
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
        migrations.RunSQL(
            "alter table agencies_machineclient add constraint machineclient_membership "
            "foreign key (owner, id) references agencies_membership (owner, id)",
            "alter table agencies_machineclient drop constraint machineclient_membership",
        ),
    ]
