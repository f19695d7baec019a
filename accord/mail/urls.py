"""Web addresses for the user's own email settings."""

from django.urls import path

from accord.mail import views

app_name = "mail"
urlpatterns = [
    path("mail/", views.address, name="address"),
    path("mail/code/", views.confirm, name="confirm"),
    path("mail/stop/", views.stop, name="stop"),
    path("mail/shown/", views.shown, name="shown"),
]
