"""URLs of the people pages. Search uses POST, so a name is never part of a URL."""

from django.urls import path

from accord.people import keeping_views, received_views, views

app_name = "people"
urlpatterns = [
    path("", views.today, name="today"),
    path("tasks/done/", views.done_tasks, name="done_tasks"),
    path("tasks/<uuid:task>/done/", views.finish_task, name="finish_task"),
    path("tasks/<uuid:task>/undo/", views.undo_task, name="undo_task"),
    path("agency/renewal/", keeping_views.renewal, name="renewal"),
    path("people/", views.mine, name="mine"),
    path("people/find/", views.find, name="find"),
    path("people/new/", views.new, name="new"),
    path("people/removals/", keeping_views.erasures, name="erasures"),
    path("people/<uuid:ref>/remove/", keeping_views.erase, name="erase"),
    path("people/<uuid:ref>/remove/take-back/", keeping_views.take_back, name="take_back_erasure"),
    path("people/<uuid:ref>/keep/", keeping_views.hold, name="hold"),
    path("people/reassign/", views.reassign, name="reassign"),
    path("people/all/", views.agency_people, name="all"),
    path("people/<uuid:ref>/team/", views.team, name="team"),
    path("people/<uuid:ref>/team/bar/", views.bar, name="bar"),
    path("people/<uuid:ref>/team/<uuid:assignment>/end/", views.end_assignment, name="end_assignment"),
    path("people/<uuid:ref>/step-back/", views.step_back, name="step_back"),
    path("people/<uuid:ref>/", views.person, name="person"),
    path("people/<uuid:ref>/why/", views.why, name="why"),
    path("people/<uuid:ref>/name/", views.edit_name, name="edit_name"),
    path("people/<uuid:ref>/age/", views.edit_age, name="edit_age"),
    path("people/<uuid:ref>/contact/", views.edit_contact, name="edit_contact"),
    path("people/<uuid:ref>/decline/", received_views.decline, name="decline"),
    path("people/<uuid:ref>/assign/", views.assign, name="assign"),
]
