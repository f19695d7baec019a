from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_handed_over'),
    ]

    operations = [
        migrations.CreateModel(
            name='Once',
            fields=[
                ('mark', models.BinaryField(primary_key=True, serialize=False)),
                ('said', models.BinaryField()),
                ('sealed', models.BinaryField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['said'], name='once_by_content'), models.Index(fields=['at'], name='once_by_time')],
            },
        ),
    ]
