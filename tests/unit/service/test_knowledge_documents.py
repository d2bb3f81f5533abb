"""What the doors show of knowledge is what a citation needs."""

from casewright.domain.knowledge import FoundPassage, Passage, Retrieved
from casewright.service.knowledge_documents import describe_found


def test_found_passage_is_shown_with_its_place_and_scores() -> None:
    passage = Passage("d", 2, 3, "Title", "Text.", 10, 15, ("A", "B"), 4, "RET-2.1", ("injection",))
    shown = describe_found(Retrieved((FoundPassage(passage, 500, 400, None),), "toy@1", 9))
    assert shown == {
        "is_abstaining": False,
        "model": "toy@1",
        "generation": 9,
        "passages": [
            {
                "document_id": "d",
                "version": 2,
                "number": 3,
                "title": "Title",
                "heading_path": ["A", "B"],
                "start": 10,
                "end": 15,
                "page": 4,
                "clause": "RET-2.1",
                "text": "Text.",
                "annotations": ["injection"],
                "score_micro": 500,
                "lexical_micro": 400,
                "dense_micro": None,
            }
        ],
    }
