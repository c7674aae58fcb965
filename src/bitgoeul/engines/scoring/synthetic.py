"""Truth and submissions with a known score."""

from __future__ import annotations

from random import Random


def make_files(*, rows: int, wrong: int, seed: int = 0) -> tuple[bytes, bytes]:
    """A binary truth with a Usage column and a submission with so many wrong labels.

    >>> from bitgoeul.engines.scoring import score
    >>> truth, guess = make_files(rows=10, wrong=3)
    >>> score(truth, guess, metric="accuracy", id="id", target="y").score
    0.7
    """
    random = Random(seed)  # noqa: S311 - invented labels, no secret
    labels = [random.randrange(2) for _ in range(rows)]
    usage = ["Public" if random.random() < 0.3 else "Private" for _ in range(rows)]
    errors = set(random.sample(range(rows), wrong))
    order = random.sample(range(rows), rows)
    truth = ["id,y,Usage", *(f"r{n},{labels[n]},{usage[n]}" for n in range(rows))]
    guess = ["id,y", *(f"r{n},{labels[n] ^ (n in errors)}" for n in order)]
    return "\n".join(truth).encode(), "\n".join(guess).encode()
