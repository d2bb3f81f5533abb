"""How alike two texts are, by words and by vectors."""

import pytest

from casewright.evaluation.answers.similarity import EmbeddedSimilarity, TermSimilarity


def test_terms_are_alike_as_far_as_they_share_words() -> None:
    alike = TermSimilarity()
    assert alike("mobile app banners", "mobile app banners") == pytest.approx(1.0)
    assert alike("mobile app banners", "Opened software") == 0.0
    assert 0 < alike("mobile app banners", "mobile screens") < 1
    assert alike("", "") == 0.0


class Corners:
    """An embedder with two directions."""

    model = "corners"
    dimensions = 2

    def embed_passages(self, texts: list[str]) -> list[bytes]:
        one, zero = b"\x00\x00\x80?", b"\x00\x00\x00\x00"
        return [one + zero if "blue" in text else zero + one for text in texts]

    def embed_query(self, text: str) -> bytes:
        return self.embed_passages([text])[0]


def test_embedded_similarity_is_the_cosine() -> None:
    alike = EmbeddedSimilarity(Corners())
    assert (alike("blue", "so blue"), alike("blue", "red"), alike.name) == (1.0, 0.0, "corners")
