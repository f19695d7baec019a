from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('sharing', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('pk', models.CompositePrimaryKey('owner', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('owner', models.UUIDField()),
                ('id', models.UUIDField()),
                ('author', models.UUIDField()),
                ('form', models.TextField()),
                ('person', models.UUIDField()),
                ('kind', models.TextField()),
                ('revision', models.IntegerField()),
                ('ring_version', models.IntegerField()),
                ('sealed', models.BinaryField()),
                ('begun_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['owner', 'person'], name='draft_by_person')],
                'constraints': [models.UniqueConstraint(fields=('owner', 'author', 'form', 'person'), name='draft_of_author')],
            },
        ),
        migrations.RunSQL(
            'alter table drafts_draft add constraint draft_about_person '
            'foreign key (owner, person) references sharing_person (owner, id)',
            'alter table drafts_draft drop constraint draft_about_person',
        ),
    ]
