"""URLs for choosing an agency, joining, staff, the audit log, and the hub."""

from django.urls import path

from accord.membership import hub_views, log_views, return_views, views

app_name = "membership"
urlpatterns = [
    path("acting/", views.act_for, name="act_for"),
    path("purpose/", views.declare_purpose, name="purpose"),
    path("renew/", views.renew, name="renew"),
    path("join/", views.join, name="join"),
    path("join/account/", views.join_account, name="join_account"),
    path("join/with/", views.join_with, name="join_with"),
    path("agency/", views.colleagues, name="colleagues"),
    path("agency/keys/", views.give_keys, name="give_keys"),
    path("agency/invite/", views.invite, name="invite"),
    path("agency/invitations/<uuid:invitation>/", views.withdraw_invitation, name="withdraw_invitation"),
    path("agency/colleagues/<uuid:membership>/", views.colleague, name="colleague"),
    path("agency/colleagues/<uuid:membership>/end/", views.end_membership, name="end_membership"),
    path("agency/colleagues/<uuid:membership>/sign-out/", views.sign_out_colleague, name="sign_out_colleague"),
    path("agency/colleagues/<uuid:membership>/reset/", return_views.make_reset, name="make_reset"),
    path("agency/colleagues/<uuid:membership>/let-back/", return_views.readmit, name="readmit"),
    path("agency/colleagues/<uuid:membership>/open-again/", return_views.open_again, name="open_again"),
    path("agency/waiting/", return_views.waiting, name="waiting"),
    path("agency/recovery/", return_views.recovery, name="recovery"),
    path("agency/recovery/print/", return_views.print_recovery, name="print_recovery"),
    path("agency/recovery/use/", return_views.use_recovery, name="use_recovery"),
    path("agency/recovery/confirm/", return_views.confirm_recovery, name="confirm_recovery"),
    path("reset/", return_views.reset, name="reset"),
    path("reset/passphrase/", return_views.reset_passphrase, name="reset_passphrase"),
    path("agency/log/", log_views.log, name="log"),
    path("hub/log/", log_views.hub_log, name="hub_log"),
    path("hub/", hub_views.hub, name="hub"),
    path("hub/invite/", hub_views.hub_invite, name="hub_invite"),
    path("hub/<uuid:agency>/invite/", hub_views.hub_invite_again, name="hub_invite_again"),
]
