import subprocess
import sys

from casewright.ports.text_model import AttemptOutcome, Message, Role, Written


def test_the_content_of_a_message_is_not_shown() -> None:
    assert "planted" not in repr(Message(Role.USER, "planted"))


def test_nothing_written_means_the_template() -> None:
    assert (Written().value, Written().source) == (None, "template")


def test_only_a_skip_made_no_call() -> None:
    assert {outcome for outcome in AttemptOutcome if outcome.is_skipped} == {
        AttemptOutcome.SKIPPED_OPEN,
        AttemptOutcome.SKIPPED_BUSY,
        AttemptOutcome.SKIPPED_BUDGET,
        AttemptOutcome.SKIPPED_UNFIT,
    }


def test_importing_the_ports_and_prompts_imports_no_pydantic() -> None:
    code = "import sys, casewright.ports.text_model, casewright.writing.prompts; print('pydantic' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "False"
