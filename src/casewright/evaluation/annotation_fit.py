"""Fits the weights of `intake/data/annotation_weights.yaml`: a sparse, seeded logistic regression.

    python -m casewright.evaluation.annotation_fit tests/unit/intake/corpora

reads `attacks_*.txt` against every other corpus there, the payloads of `attacks.yaml` and the honest golden
cases of the disputes desk. A message is as telling as its most telling sentence, in the fit as in use. The
weights are per concept, so that what is learned in one language holds in the others; thresholds by hand.
"""

import math
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path

import yaml

from casewright.evaluation.attacks import load_attacks
from casewright.intake.concepts import BREAK
from casewright.intake.matching import read_letters
from casewright.intake.rulebook import load_rulebook
from casewright.language.normalise import normalise

EPOCHS = 60
RATE = 0.3
SHRINKAGE = 5e-4
SMALLEST_WEIGHT = 0.05
_SENTENCES = re.compile(f"[^{BREAK}]+")

Features = Counter[str]


def features_of(text: str) -> list[Features]:
    """Per sentence, how many distinct letters carry each concept."""
    book = load_rulebook()
    carried = book.vocabulary.concepts_by_letter
    letters = read_letters(book, normalise(text).text)
    return [
        Counter(concept for letter in sorted(set(sentence)) for concept in sorted(carried.get(letter, ())))
        for sentence in _SENTENCES.findall(letters)
    ]


def fit_weights(
    attacks: Iterable[str], honest: Iterable[str], rng: random.Random
) -> tuple[float, dict[str, float]]:
    """Bias and weights. Every sentence of an honest text counts, of an attack only its most telling one."""
    rows: list[tuple[list[Features], int]] = [(features_of(text), 1) for text in attacks]
    rows += [([sentence], 0) for text in honest for sentence in features_of(text)]
    bias, bias_sum = -2.0, 1e-8
    weights: dict[str, float] = {}
    sums: dict[str, float] = {}
    for _ in range(EPOCHS):
        rng.shuffle(rows)
        for sentences, label in rows:
            if not sentences:
                continue
            score, features = max(
                ((_score(bias, weights, s), s) for s in sentences), key=lambda pair: pair[0]
            )
            error = 1 / (1 + math.exp(-max(-30.0, min(30.0, score)))) - label
            for concept, count in features.items():
                weight = weights.get(concept, 0.0)
                slope = error * count + SHRINKAGE * weight
                sums[concept] = sums.get(concept, 0.0) + slope * slope
                weights[concept] = weight - RATE * slope / math.sqrt(sums[concept] + 1)
            bias_sum += error * error
            bias -= RATE * error / math.sqrt(bias_sum + 1)
    return bias, weights


def render_weights(bias: float, weights: dict[str, float], header: str) -> str:
    """The data file's text: two decimals, the smallest left out, sorted by name."""
    kept = {
        name: round(weight, 2) for name, weight in sorted(weights.items()) if abs(weight) >= SMALLEST_WEIGHT
    }
    body = yaml.safe_dump({"bias": round(bias, 2), "weights": kept}, allow_unicode=True, sort_keys=False)
    return header + body


def _score(bias: float, weights: dict[str, float], features: Features) -> float:
    return bias + sum(weights.get(concept, 0.0) * count for concept, count in features.items())


def _golden_messages() -> list[str]:
    folder = resources.files("casewright.desks.disputes").joinpath("cases")
    names = ("en.yaml", "bn.yaml", "banglish.yaml")
    cases = (yaml.safe_load(folder.joinpath(name).read_text("utf-8")) for name in names)
    return [case["message"] for file in cases for case in file]


def _lines(paths: Iterable[Path]) -> list[str]:
    return [line for path in sorted(paths) for line in path.read_text("utf-8").splitlines() if line]


def run(arguments: Sequence[str], target: Path | None = None) -> None:
    """Reads the corpora folder named first and rewrites the weights; keeps comment and thresholds."""
    corpora = Path(arguments[0])
    attacks = _lines(corpora.glob("attacks_*.txt")) + [attack.text for attack in load_attacks()]
    honest = _lines(set(corpora.glob("*.txt")) - set(corpora.glob("attacks_*.txt"))) + _golden_messages()
    bias, weights = fit_weights(attacks, honest, random.Random(1))
    if target is None:
        target = Path(str(resources.files("casewright.intake").joinpath("data", "annotation_weights.yaml")))
    header = target.read_text("utf-8").split("bias:")[0]
    target.write_text(render_weights(bias, weights, header), encoding="utf-8")


if __name__ == "__main__":
    run(sys.argv[1:])
