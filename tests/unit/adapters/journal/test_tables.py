from casewright.adapters.journal.tables import ACTIONS, insert_once


def test_an_insert_once_is_the_same_text_for_both_databases() -> None:
    text = insert_once(ACTIONS).text
    assert text.startswith('INSERT INTO "actions" ("tenant", "action_id", "subject_id", "key"')
    assert text.endswith(":finished_at) ON CONFLICT DO NOTHING")
