"""What Schemathesis has to be told in Python: where it would blame the server for its own doing."""

import schemathesis
from schemathesis.generation.meta import CoveragePhaseData, ExamplesPhaseData, StatefulPhaseData

PAGE = "page_token"

# For each operation that has pages, one that an answer has named.
pages = {}

# Identifiers of tokens that were made and not used yet.
tokens = []


@schemathesis.hook
def after_call(context, case, response):
    if response.status_code == 200 and PAGE in case.operation.query:
        page = response.json().get("next_page")
        if page is not None:
            pages[case.operation.label] = page
    if response.status_code == 201 and "token" in response.json():
        tokens.append(response.json()["token"]["id"])


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is not None:
        leave_out_headers(case)
        turn_to_a_page(case)
        if case.meta.generation.mode.is_positive:
            take_a_token(case)


def leave_out_headers(case):
    """Leave optional headers out of cases that are about something else.

    In the coverage phase, header values are letters and digits alone. For a header that has to
    have others (`If-Match` has quotes) there is then no good value, and a bad one goes along with
    every case of the operation: each would be refused for that, also those that claim to be good.
    The example of a version is well-formed, and nevertheless never the right one.
    """
    data = case.meta.phase.data
    if isinstance(data, (CoveragePhaseData, ExamplesPhaseData)):
        for header in case.operation.headers:
            if not header.is_required and header.name != data.parameter:
                case.headers.pop(header.name, None)


def turn_to_a_page(case):
    """Put the name of a page that there is in the place of one that was made up.

    The names of pages are opaque: none that is made up is right, which its schema can't say. A
    listing goes on as it began, so that nothing but the length of the page stays beside its name.
    """
    data = case.meta.phase.data
    is_negative = case.meta.generation.mode.is_negative
    wrong = {data.parameter, *(mutation.parameter for mutation in data.mutations)}
    if PAGE not in (case.query or {}) or (is_negative and PAGE in wrong):
        return
    page = pages.get(case.operation.label)
    if page is None or is_negative or isinstance(data, CoveragePhaseData):
        del case.query[PAGE]
    else:
        length = {name: value for name, value in case.query.items() if name == "limit"}
        case.query = {PAGE: page, **length}


def take_a_token(case):
    """Put a token that was made in the place of one that was made up; links lead to such a one."""
    is_linked = isinstance(case.meta.phase.data, StatefulPhaseData)
    if case.operation.path.startswith("/v1/tokens/{id}") and tokens and not is_linked:
        case.path_parameters["id"] = tokens.pop()
