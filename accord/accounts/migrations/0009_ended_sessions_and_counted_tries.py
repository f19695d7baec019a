from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_sent_once'),
    ]

    operations = [
        migrations.AddField('session', 'ended_at', models.DateTimeField(null=True)),
        migrations.AddField('account', 'factor_failures', models.IntegerField(default=0, db_default=0)),
        migrations.AddField('account', 'failed_tries', models.IntegerField(default=0, db_default=0)),
    ]
