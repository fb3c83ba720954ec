import pytest
from filled_forms import central_record, central_tables, full_forms, kobo_record
from written_forms import QUESTIONNAIRE

from warehouse.exports import odk_metadata
from warehouse.exports.odk_metadata import is_export, is_repeat, metadata_kind, record_name, row_name
from warehouse.questionnaire.headings import find_header


@pytest.mark.parametrize(
    "heading",
    ["_submitted_by", "_submission__submitted_by", "deviceid", "DeviceID", "SubmitterName", "username", "phonenumber",
     "__system/submitterName", "__system/deviceId", "_geolocation", "_attachments", "_notes", "_something_new",
     "meta/audit", "_submission_anything", "start-geopoint"],
)  # fmt: skip
def test_personal_or_unknown_metadata_is_left_out(heading: str) -> None:
    assert metadata_kind(heading) == "left out"


@pytest.mark.parametrize(
    "heading",
    ["_id", "_uuid", "_submission_time", "start", "end", "formhub/uuid", "meta/instanceID", "meta-instanceID",
     "__version__", "_submission__uuid", "_submission__submission_time", "PARENT_KEY", "KEY", "SubmissionDate",
     "__system/submissionDate", "__Submissions-id"],
)  # fmt: skip
def test_metadata_that_leads_back_to_the_form_is_kept(heading: str) -> None:
    assert metadata_kind(heading) == "kept"


def test_no_question_of_ours_is_taken_for_metadata() -> None:
    headings = [heading for table in QUESTIONNAIRE.tables for field in table.fields for heading in field.headings]
    assert [heading for heading in headings if metadata_kind(heading)] == []


@pytest.mark.parametrize("name", sorted(odk_metadata._KEPT_HEADINGS))
def test_no_metadata_is_taken_for_a_question_of_ours(name: str) -> None:
    heading = name.replace("__submissions/", "__Submissions-")  # a slash would be read as one between two languages
    for kept in (row_name(heading), record_name(heading)):
        for table in QUESTIONNAIRE.tables:
            asked = [field.title.en for field in table.fields[:3]]
            header = find_header(table.name, [[*asked, kept]], QUESTIONNAIRE)
            assert header is not None
            assert len(asked) not in header.columns
            assert header.repeated == {}


def test_export_is_recognised_by_its_headings() -> None:
    forms = full_forms()
    files = central_tables(forms)
    assert is_export(kobo_record(forms[0]))
    assert is_export(central_record(forms[0]))
    assert all(is_export(rows[0]) for rows in files.values())
    assert [is_repeat(rows[0]) for rows in files.values()] == [False] + [True] * len(QUESTIONNAIRE.tables)
    assert not is_export(["ID", "Key", "Status", "Start", "End", "Date", "Drug"])
