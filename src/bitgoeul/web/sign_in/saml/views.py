"""The library's views, with a host in every request and without the single logout."""

from collections.abc import Callable
from functools import wraps

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.saml import views as library
from allauth.socialaccount.providers.saml.utils import build_saml_config
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe
from onelogin.saml2.settings import OneLogin_Saml2_Settings

View = Callable[..., HttpResponse]


def _with_host(view: View) -> View:
    """Name the host as Django found it good: the library reads it unseen."""

    @wraps(view)
    def named(request: HttpRequest, organization_slug: str) -> HttpResponse:
        get_adapter().get_app(request, provider="saml", client_id=organization_slug)
        request.META["HTTP_HOST"] = request.get_host()
        return view(request, organization_slug=organization_slug)

    return named


login = _with_host(library.login)
# The provider's page posts here, so no token of a form of ours comes with it: the signature and
# the request that it answers stand for it. It only remembers what came and leads on.
acs = require_POST(_with_host(library.acs))


@require_safe
@_with_host
def finish_acs(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Look at what was remembered, and go on as the person it names."""
    try:
        found: HttpResponse = library.finish_acs(request, organization_slug=organization_slug)
    except (ValueError, SyntaxError) as error:
        # What is no document, or one that wants more than to be read.
        app = get_adapter().get_app(request, provider="saml", client_id=organization_slug)
        found = render_authentication_error(request, app.get_provider(request), exception=error)
    return found


@require_safe
@_with_host
def metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Tell a provider our name and where answers go."""
    app = get_adapter().get_app(request, provider="saml", client_id=organization_slug)
    config = build_saml_config(request, app.settings, organization_slug)
    del config["sp"]["singleLogoutService"]
    described = OneLogin_Saml2_Settings(settings=config, sp_validation_only=True)
    answer = HttpResponse(described.get_sp_metadata(), content_type="application/xml")
    answer["Content-Disposition"] = 'attachment; filename="bitgoeul-metadata.xml"'
    return answer


def sls(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Not here: the name exists because the library wants to write the address."""
    raise Http404
