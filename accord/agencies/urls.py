"""Addresses of agencies and memberships."""

from django.urls import path

from accord.agencies import views

app_name = "agencies"
urlpatterns = [
    path("acting/", views.act_for, name="act_for"),
    path("purpose/", views.declare_purpose, name="purpose"),
    path("renew/", views.renew, name="renew"),
]
