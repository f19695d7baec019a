from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0009_coalition_agreements'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactLine',
            fields=[
                ('owner', models.UUIDField(primary_key=True, serialize=False)),
                ('role', models.TextField()),
                ('phone', models.TextField()),
                ('hours', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.UUIDField()),
            ],
        ),
    ]
