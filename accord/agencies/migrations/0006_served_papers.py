from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0005_machine_clients'),
    ]

    operations = [
        migrations.CreateModel(
            name='ServedPaper',
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
        ),
    ]
