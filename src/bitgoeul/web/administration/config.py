"""Names the site; apart from it, for Django reads this before it knows any table."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    default_site = "bitgoeul.web.administration.site.Site"
