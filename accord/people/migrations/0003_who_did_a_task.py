from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_pages_by_index'),
    ]

    operations = [
        migrations.AddField(model_name='task', name='done_by', field=models.UUIDField(null=True)),
        migrations.AddField(model_name='task', name='matter', field=models.UUIDField(null=True)),
    ]
