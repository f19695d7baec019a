"""URLs of the casework pages."""

from django.urls import path

from accord.casework import views

app_name = "casework"
urlpatterns = [
    path("people/<uuid:ref>/items/new/", views.add_need, name="add_need"),
    path("people/<uuid:ref>/items/<uuid:series>/", views.change_need, name="change_need"),
    path("people/<uuid:ref>/entries/new/", views.add_service, name="add_service"),
    path("people/<uuid:ref>/entries/<uuid:series>/", views.change_service, name="change_service"),
    path("people/<uuid:ref>/type/", views.note_exploitation, name="note_exploitation"),
    path("people/<uuid:ref>/notes/new/", views.add_note, name="add_note"),
    path("people/<uuid:ref>/notes/<uuid:series>/", views.change_note, name="change_note"),
    path("people/<uuid:ref>/status/", views.note_immigration, name="note_immigration"),
    path("people/<uuid:ref>/status/new/", views.add_application, name="add_application"),
    path("people/<uuid:ref>/status/<uuid:series>/", views.change_application, name="change_application"),
]
