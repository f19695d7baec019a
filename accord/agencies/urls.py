"""Addresses of agencies, memberships, agreements and the hub."""

from django.urls import path

from accord.agencies import agreements, connections, return_pages, views

app_name = "agencies"
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
    path("agency/colleagues/<uuid:membership>/reset/", return_pages.make_reset, name="make_reset"),
    path("agency/colleagues/<uuid:membership>/let-back/", return_pages.readmit, name="readmit"),
    path("agency/colleagues/<uuid:membership>/open-again/", return_pages.open_again, name="open_again"),
    path("agency/waiting/", return_pages.waiting, name="waiting"),
    path("agency/recovery/", return_pages.recovery, name="recovery"),
    path("agency/recovery/print/", return_pages.print_recovery, name="print_recovery"),
    path("agency/recovery/use/", return_pages.use_recovery, name="use_recovery"),
    path("agency/recovery/confirm/", return_pages.confirm_recovery, name="confirm_recovery"),
    path("reset/", return_pages.reset, name="reset"),
    path("reset/passphrase/", return_pages.reset_passphrase, name="reset_passphrase"),
    path("agency/systems/", connections.systems, name="systems"),
    path("agency/systems/new/", connections.connect, name="connect_system"),
    path("agency/systems/<uuid:system>/end/", connections.end_system, name="end_system"),
    path("agency/log/", views.log, name="log"),
    path("hub/log/", views.hub_log, name="hub_log"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/new/", agreements.draft_agreement, name="draft_agreement"),
    path("agreements/<uuid:agreement>/", agreements.agreement, name="agreement"),
    path("agreements/<uuid:agreement>/sign/", agreements.sign_agreement, name="sign_agreement"),
    path("agreements/<uuid:agreement>/review/", agreements.review_agreement, name="review_agreement"),
    path("agreements/<uuid:agreement>/leave/", agreements.leave_agreement, name="leave_agreement"),
    path("agreements/<uuid:agreement>/keys/<uuid:partner>/", agreements.accept_keys, name="accept_keys"),
    path("hub/", views.hub, name="hub"),
    path("hub/invite/", views.hub_invite, name="hub_invite"),
    path("hub/<uuid:agency>/invite/", views.hub_invite_again, name="hub_invite_again"),
]
