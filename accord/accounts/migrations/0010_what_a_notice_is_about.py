from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_ended_sessions_and_counted_tries'),
    ]

    operations = [
        migrations.AddField('notice', 'matter', models.UUIDField(null=True)),
    ]
