"""An address that shows every part of the look at once; only the tests have it."""

from pathlib import Path

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path

from bitgoeul.core import charts
from bitgoeul.web.urls import handler400, handler403, handler404, handler500
from bitgoeul.web.urls import urlpatterns as ours

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


class GalleryForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="성명", help_text="주민등록상의 이름을 적어 주세요.")
    email = forms.EmailField(label="이메일")
    track = forms.ChoiceField(label="과정", choices=[("", "---"), ("ai", "AI 모델링")])
    kind = forms.ChoiceField(
        label="구분", choices=[("a", "개인"), ("b", "단체")], widget=forms.RadioSelect
    )
    days = forms.MultipleChoiceField(
        label="요일",
        choices=[("mon", "월"), ("tue", "화")],
        widget=forms.CheckboxSelectMultiple,
        help_text="둘 다 고를 수 있습니다.",
    )
    born_on = forms.DateField(label="생년월일", widget=forms.DateInput(attrs={"type": "date"}))
    starts_at = forms.DateTimeField(
        label="시작", widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    seats = forms.IntegerField(label="인원")
    reason = forms.CharField(label="지원 동기", widget=forms.Textarea)
    file = forms.FileField(label="파일")
    agree = forms.BooleanField(
        label="개인정보 수집·이용에 동의합니다.", help_text="철회할 수 있습니다."
    )


def figures() -> list[str]:
    """One drawing of each kind."""
    quarters = ["1분기", "2분기", "3분기", "4분기"]
    return [
        charts.grouped_bars(
            categories=quarters,
            series=[("수료", [42, 58, 77, 96]), ("채용", [31, 40, 52, None])],
            title="분기별 수료와 채용",
            desc="수료가 분기마다 늘었습니다.",
            unit="명",
        ),
        charts.funnel(
            steps=[("지원", 779), ("선발", 330), ("수료", 305), ("채용", 208), ("6개월 유지", 171)],
            title="지원에서 고용 유지까지",
            desc="779명이 지원해 171명이 6개월 넘게 근무합니다.",
            unit="명",
        ),
        charts.bars(rows=[("광주", 460), ("수도권", 111)], title="지역", desc="광주가 많습니다."),
        charts.stacked_bars(
            categories=["AI 모델링", "AI 서비스"],
            series=[("광주", [60, 50]), ("그 밖", [40, 70])],
            title="분야별 선발",
            desc="두 분야 220명.",
        ),
        charts.line(
            categories=[f"{month}월" for month in range(1, 13)],
            series=[("출석", [91, 92, 93, 90, None, 88, 87, 89, 91, 93, 94, 95])],
            title="월별 출석",
            desc="7월에 가장 낮았습니다.",
        ),
    ]


def gallery(request: HttpRequest) -> HttpResponse:
    """Show all parts; posting nothing gives every error of the form."""
    template = Template((Path(__file__).parent / "gallery.html").read_text("utf-8"))
    context = {
        "form": GalleryForm(request.POST if request.method == "POST" else None),
        "page": Paginator(range(500), 10).get_page(request.GET.get("page", 7)),
        "figures": figures(),
        "rows": [("분자", "6개월 안에 채용된 수료자"), ("분모", "수료자에서 제외자를 뺀 수")],
    }
    return HttpResponse(template.render(RequestContext(request, context)))


def broken(request: HttpRequest) -> HttpResponse:
    """Fail, for the page that says so."""
    raise RuntimeError(request.path)


urlpatterns = [path("gallery/", gallery), path("broken/", broken), *ours]
