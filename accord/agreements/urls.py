"""URLs of agreements."""

from django.urls import path

from accord.agreements import coalition_views, views

app_name = "agreements"
urlpatterns = [
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/new/", views.draft_agreement, name="draft_agreement"),
    path("agreements/<uuid:agreement>/", views.agreement, name="agreement"),
    path("agreements/<uuid:agreement>/why/", views.why, name="agreement_why"),
    path("agreements/<uuid:agreement>/sign/", views.sign_agreement, name="sign_agreement"),
    path("agreements/<uuid:agreement>/review/", views.review_agreement, name="review_agreement"),
    path("agreements/<uuid:agreement>/leave/", views.leave_agreement, name="leave_agreement"),
    path("agreements/keys/", views.keys, name="keys"),
    path("agreements/keys/<uuid:partner>/", views.check_keys, name="check_keys"),
    path("agreements/ask/", coalition_views.ask, name="ask_for_agreement"),
    path("agreements/asked/<uuid:asked>/close/", coalition_views.close_request, name="close_request"),
    path("agreements/coalition/new/", coalition_views.draft_coalition, name="draft_coalition"),
    path("agreements/coalition/<uuid:coalition>/", coalition_views.coalition, name="coalition"),
    path("agreements/coalition/<uuid:coalition>/why/", coalition_views.why, name="coalition_why"),
    path("agreements/coalition/<uuid:coalition>/add/", coalition_views.add_members, name="add_members"),
    path("agreements/coalition/<uuid:coalition>/sign/", coalition_views.sign_coalition, name="sign_coalition"),
    path("agreements/coalition/<uuid:coalition>/review/", coalition_views.review_coalition, name="review_coalition"),
    path("agreements/coalition/<uuid:coalition>/leave/", coalition_views.leave_coalition, name="leave_coalition"),
]
