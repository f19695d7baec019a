"""Web addresses for bodies."""

from django.urls import path

from accord.bodies import views

app_name = "bodies"
urlpatterns = [
    path("coalition/", views.bodies, name="bodies"),
    path("coalition/new/", views.create, name="create"),
    path("coalition/<uuid:body>/", views.body, name="body"),
    path("coalition/<uuid:body>/why/", views.why, name="why"),
    path("coalition/<uuid:body>/end/", views.end, name="end"),
    path("coalition/<uuid:body>/seats/new/", views.add_seat, name="add_seat"),
    path("coalition/<uuid:body>/seats/<uuid:seat>/name/", views.name_representative, name="name_representative"),
    path("coalition/<uuid:body>/seats/<uuid:seat>/end/", views.end_seat, name="end_seat"),
    path("coalition/<uuid:body>/decisions/new/", views.record, name="record"),
    path("coalition/<uuid:body>/decisions/<uuid:decision>/", views.decision, name="decision"),
    path("coalition/<uuid:body>/decisions/<uuid:decision>/correct/", views.correct, name="correct"),
]
