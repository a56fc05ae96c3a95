"""Where every address leads."""

from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

admin.site.site_header = _("Case management")
admin.site.site_title = _("Case management")
admin.site.index_title = _("Back office")

urlpatterns = [
    path("", include("casemgmt.web.urls")),
    path("", include("disputes.web.urls")),
    path("api/", include("casemgmt.api.urls")),
    # One door for passwords, so that attempts are counted and said in one place.
    path("admin/login/", RedirectView.as_view(pattern_name="sign-in", query_string=True)),
    path("admin/", admin.site.urls),
]

handler400 = "casemgmt.api.failures.bad_request"
handler403 = "casemgmt.api.failures.permission_denied"
handler404 = "casemgmt.api.failures.not_found"
handler500 = "casemgmt.api.failures.server_error"
