"""The pages: upload, preview, correct, confirm, undo, in both languages and without scripts."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.core.imports import storage
from bitgoeul.core.imports.models import Import, StagedRow
from bitgoeul.core.imports.readers import read_table
from tests.core.imports.samples import GOOD, HEADER, csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db

SECOND = ["나주식품", "061-234-5678", "2019. 3. 2.", "", "전남", "×"]
BAD = ["담양목재", "없음", "2021-02-30", "", "", ""]


@pytest.fixture
def person():
    return User.objects.create_user("officer@example.kr", full_name="김담당")


@pytest.fixture
def signed_in(client, person):
    client.force_login(person)
    return client


def send(client, kind, content, name="명단.csv"):
    return client.post(
        reverse("imports:upload", kwargs={"kind": kind.key}),
        {"file": SimpleUploadedFile(name, content)},
        follow=True,
    )


def page(response):
    return response.content.decode()


def at(name, imported):
    return reverse(f"imports:{name}", kwargs={"uuid": imported.uuid})


def test_from_upload_to_undo(signed_in, kind):
    response = send(signed_in, kind, csv_bytes([HEADER, GOOD, SECOND]))
    imported = Import.objects.get()
    assert response.status_code == 200
    assert "2개 행 반영하기" in page(response)
    assert Organisation.objects.count() == 0
    response = signed_in.post(at("confirm", imported), follow=True)
    assert "2개 행을 반영했습니다." in page(response)
    assert Organisation.objects.count() == 2
    response = signed_in.post(at("undo", imported), follow=True)
    assert "되돌렸습니다" in page(response)
    assert Organisation.objects.count() == 0


def test_a_broken_file_shows_every_error_in_words(signed_in, kind):
    response = send(signed_in, kind, csv_bytes([HEADER, GOOD, BAD]))
    text = page(response)
    assert "1개 행에 오류가 있습니다." in text
    assert "전화번호: 전화번호가 아닙니다: “없음”. 010-1234-5678처럼 적어 주십시오." in text
    assert "설립일: 달력에 없는 날짜입니다: “2021-02-30”." in text
    assert text.index("담양목재") < text.index("빛고을전자"), "rows with errors come first"
    signed_in.cookies.load({"bitgoeul_language": "en"})
    text = page(signed_in.get(at("detail", Import.objects.get())))
    assert "“2021-02-30” is not a day of the calendar." in text


def test_rows_with_errors_are_left_out_only_on_request(signed_in, kind):
    send(signed_in, kind, csv_bytes([HEADER, GOOD, BAD]))
    imported = Import.objects.get()
    response = signed_in.post(at("confirm", imported))
    assert response.status_code == 422
    assert 'aria-invalid="true"' in page(response)
    assert Organisation.objects.count() == 0
    response = signed_in.post(at("confirm", imported), {"leave_out": "on"}, follow=True)
    assert "1개 행은 제외했습니다." in page(response)
    assert Organisation.objects.count() == 1


def test_the_error_file_is_corrected_and_taken_back_in(signed_in, kind, tmp_path):
    send(signed_in, kind, csv_bytes([[*HEADER, "비고란"], [*GOOD, "a"], [*BAD, "=1+1"]]))
    assert signed_in.get(at("errors", Import.objects.get())).status_code == 200
    response = signed_in.post(at("errors", Import.objects.get()), {"reason": "명단을 고칩니다."})
    content = b"".join(response.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    header, row = ([cell.value for cell in line] for line in sheet.iter_rows())
    assert header == [*HEADER, "비고란", "파일의 행", "고칠 내용"]
    assert row[:2] == ["담양목재", "없음"]
    assert row[7] == 3
    assert "전화번호가 아닙니다" in row[8]
    assert "달력에 없는" in row[8]
    assert sheet["B2"].fill.start_color.rgb != sheet["A2"].fill.start_color.rgb
    sheet["B2"], sheet["C2"] = "061-234-5678", "2021-02-28"
    file = io.BytesIO()
    sheet.parent.save(file)
    response = send(signed_in, kind, file.getvalue(), "고침.xlsx")
    assert "1개 행 반영하기" in page(response)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_template_is_itself_a_file_that_can_be_filled_in(signed_in, kind, tmp_path, language):
    signed_in.cookies.load({"bitgoeul_language": language})
    response = signed_in.get(reverse("imports:template", kwargs={"kind": kind.key}))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    sheet = book.worksheets[0]
    assert sheet["A1"].value == {"ko": "기관명 *", "en": "name *"}[language]
    sheet.append(GOOD)
    path = tmp_path / "filled.xlsx"
    book.save(path)
    table = read_table(path, kind)
    assert [line for line, _ in table.rows] == [3]
    assert [line for line, _ in table.ignored] == [2]


def test_a_file_that_cannot_be_read(signed_in, kind):
    refused = send(signed_in, kind, b"%PDF-1.7", "명단.pdf")
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "이름 끝이 “.pdf”인 파일은 여기에서 받지 않습니다" in text
    assert not Import.objects.exists()
    text = page(send(signed_in, kind, b"%PDF-1.7", "명단.csv"))
    assert "파일을 읽을 수 없습니다" in text
    assert "스프레드시트(XLSX, XLS)도 CSV도 아닌 파일입니다." in text
    assert "다른 파일 올리기" in text
    text = page(send(signed_in, kind, b"", "빈.csv"))
    assert "파일이 비어 있습니다." in text


def test_no_file_chosen(signed_in, kind):
    response = signed_in.post(reverse("imports:upload", kwargs={"kind": kind.key}))
    assert response.status_code == 422


def test_a_name_from_the_file_is_shown_and_not_executed(signed_in, kind):
    row = ["<script>alert(1)</script>", *GOOD[1:]]
    text = page(send(signed_in, kind, csv_bytes([HEADER, row]), '"><img src=x>.csv'))
    assert "<script>alert" not in text
    assert "<img" not in text


def test_filters_and_pages(signed_in, kind):
    Organisation.objects.create(name_ko="빛고을전자", kind="company", region="24")
    rows = [[f"기관{n}", *GOOD[1:]] for n in range(60)]
    send(signed_in, kind, csv_bytes([HEADER, GOOD, BAD, *rows]))
    address = at("detail", Import.objects.get())
    assert page(signed_in.get(address)).count("<tr") == 51
    assert page(signed_in.get(address + "?page=2")).count("<tr") == 13
    assert page(signed_in.get(address + "?state=error")).count("<tr") == 2
    assert "빛고을전자" in page(signed_in.get(address + "?state=same"))
    assert signed_in.get(address + "?state=nonsense&page=x").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_rows(
    signed_in, kind, django_assert_max_num_queries
):
    for count in (1, 40):
        rows = [[f"기관{n}", *GOOD[1:]] for n in range(count)]
        send(signed_in, kind, csv_bytes([HEADER, *rows]))
        imported = Import.objects.first()
        with django_assert_max_num_queries(12):
            signed_in.get(at("detail", imported))
        with django_assert_max_num_queries(12):
            signed_in.get(reverse("imports:import_list"))


def test_what_changed_meanwhile_is_noticed_and_can_be_checked_again(signed_in, kind):
    send(signed_in, kind, csv_bytes([HEADER, GOOD]))
    imported = Import.objects.get()
    Organisation.objects.create(name_ko="빛고을전자", kind="company", region="24")
    text = page(signed_in.post(at("confirm", imported), follow=True))
    assert "1개 행의 처리가 달라집니다" in text
    text = page(signed_in.post(at("restage", imported), follow=True))
    assert "이미 모두 있습니다" in text


def test_discarding(signed_in, kind):
    send(signed_in, kind, csv_bytes([HEADER, GOOD]))
    imported = Import.objects.get()
    text = page(signed_in.post(at("discard", imported), follow=True))
    assert "폐기했습니다" in text
    assert not StagedRow.objects.exists()
    assert not storage.path_of(imported.uuid).exists()
    text = page(signed_in.post(at("confirm", imported), follow=True))
    assert "확정을 기다리는 가져오기가 아닙니다." in text


def test_absent_and_forbidden_answer_alike(client, register_kind, person):
    kind = register_kind(can=lambda user, target: user is not None and user.pk == person.pk)
    client.force_login(person)
    send(client, kind, csv_bytes([HEADER, GOOD, BAD]))
    imported = Import.objects.get()
    client.force_login(User.objects.create_user("other@example.kr", full_name="나"))
    assert client.get(reverse("imports:upload", kwargs={"kind": kind.key})).status_code == 404
    assert client.get(reverse("imports:upload", kwargs={"kind": "no-such"})).status_code == 404
    for name in ("detail", "errors"):
        assert client.get(at(name, imported)).status_code == 404
    for name in ("confirm", "undo", "discard", "restage"):
        assert client.post(at(name, imported), {"leave_out": "on"}).status_code == 404
    assert Organisation.objects.count() == 0


def test_a_colleague_who_may_import_the_same_sees_it(client, kind, person):
    client.force_login(person)
    send(client, kind, csv_bytes([HEADER, GOOD]))
    client.force_login(User.objects.create_user("other@example.kr", full_name="나"))
    assert client.get(at("detail", Import.objects.get())).status_code == 200
    assert "명단.csv" in page(client.get(reverse("imports:import_list")))


def test_a_colleague_without_oversight_sees_and_changes_only_their_own(
    client, register_kind, person
):
    colleague = User.objects.create_user("second@example.kr", full_name="이담당")
    kind = register_kind(oversees=lambda user, target: user == person)
    client.force_login(person)
    send(client, kind, csv_bytes([HEADER, GOOD]))
    theirs = Import.objects.get()
    client.force_login(colleague)
    assert client.get(at("detail", theirs)).status_code == 404
    assert client.post(at("confirm", theirs)).status_code == 404
    assert client.post(at("discard", theirs)).status_code == 404
    send(client, kind, csv_bytes([HEADER, SECOND]))
    own = Import.objects.exclude(pk=theirs.pk).get()
    listed = page(client.get(reverse("imports:import_list")))
    assert str(own.uuid) in listed
    assert str(theirs.uuid) not in listed
    assert client.post(at("confirm", own), follow=True).status_code == 200
    assert Organisation.objects.get().name_ko == SECOND[0]
    client.force_login(person)
    assert client.get(at("detail", own)).status_code == 200


def test_whoever_uploaded_still_sees_but_no_longer_changes(client, register_kind, person):
    allowed = [True]
    kind = register_kind(can=lambda user, target: allowed[0])
    client.force_login(person)
    send(client, kind, csv_bytes([HEADER, GOOD]))
    allowed[0] = False
    imported = Import.objects.get()
    assert client.get(at("detail", imported)).status_code == 200
    assert client.post(at("confirm", imported)).status_code == 404


def test_the_public_is_asked_to_sign_in(client, kind):
    for address in (
        reverse("imports:import_list"),
        reverse("imports:upload", kwargs={"kind": kind.key}),
        reverse("imports:template", kwargs={"kind": kind.key}),
    ):
        response = client.get(address)
        assert response.status_code == 302
        assert "login" in response["Location"]


def test_importing_into_something(client, register_kind, person):
    """A kind with a target: named in the address, or chosen among those that are open."""
    mine = Organisation.objects.create(name_ko="우리", kind="company")
    other = Organisation.objects.create(name_ko="남의 곳", kind="company")
    kind = register_kind(
        target="alliance.Organisation",
        targets=lambda user: Organisation.objects.filter(pk=mine.pk),
        can=lambda user, target: target is None or target == mine,
    )
    client.force_login(person)
    address = reverse("imports:upload", kwargs={"kind": kind.key})
    text = page(client.get(address))
    assert "우리" in text
    assert "남의 곳" not in text
    assert client.get(f"{address}?target={mine.uuid}").status_code == 200
    for wrong in (other.uuid, "x", "00000000-0000-0000-0000-000000000000"):
        assert client.get(f"{address}?target={wrong}").status_code == 404
    file = SimpleUploadedFile("a.csv", csv_bytes([HEADER, GOOD]))
    response = client.post(address, {"file": file, "target": str(other.uuid)})
    assert response.status_code == 422
    file = SimpleUploadedFile("a.csv", csv_bytes([HEADER, GOOD]))
    client.post(address, {"file": file, "target": str(mine.uuid)})
    assert Import.objects.get().target_uuid == mine.uuid
    assert "대상: “우리”." in page(client.get(at("detail", Import.objects.get())))


def test_a_spreadsheet_with_several_sheets_says_which_was_read(signed_in, kind):
    content = xlsx_bytes({"안내": [["읽어 주세요"]], "명단": [["제목"], HEADER, GOOD, ["합계"]]})
    text = page(send(signed_in, kind, content, "a.xlsx"))
    assert "명단" in text
    assert "4: 합계" in text, "lines left aside are named"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_pages_are_proper_html(signed_in, kind, language):
    import html5lib

    signed_in.cookies.load({"bitgoeul_language": language})
    send(signed_in, kind, csv_bytes([HEADER, GOOD, BAD]))
    with translation.override(language):
        for address in (
            reverse("imports:import_list"),
            reverse("imports:upload", kwargs={"kind": kind.key}),
            at("detail", Import.objects.get()),
        ):
            parser = html5lib.HTMLParser(strict=False)
            parser.parse(page(signed_in.get(address)))
            assert not parser.errors, (address, parser.errors[:3])
