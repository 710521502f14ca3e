"""The matcher beside raw rapidfuzz and bm25s on the same texts: quality, time, memory, and the time of a large book.

Run `python -m benchmarks.matching`; bm25s is left out where it is not installed. Each method has a process of its own.
Times are of the processor, so that other programs on the machine count little.
"""

from __future__ import annotations

import importlib
import importlib.util
import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from itertools import islice, pairwise
from typing import Any, Protocol

from knowledge.evaluate import Question, read_questions
from knowledge.loader import SHIPPED, read_books
from knowledge.search import OUTSIDE, Matcher
from knowledge.shipped import opener, read_calibration, texts_of
from knowledge.synonyms import read_synonyms
from knowledge.views import Views

Texts = Sequence[tuple[str, str]]
#: The large book: topics, and wordings of each.
LARGE = (1000, 20)


class Ranks(Protocol):
    """What is compared."""

    def rank(self, text: str, k: int) -> Sequence[tuple[str, float]]:
        """The `k` best topics."""
        ...


class Fuzzy:
    """rapidfuzz as it comes: WRatio over all texts, with its own light processing."""

    def __init__(self, texts: Texts) -> None:
        self._fuzz, self._process = (
            importlib.import_module("rapidfuzz.fuzz"),
            importlib.import_module("rapidfuzz.process"),
        )
        self._default = importlib.import_module("rapidfuzz.utils").default_process
        self._texts = [self._default(text) for _, text in texts]
        self._topics = [topic for topic, _ in texts]

    def rank(self, text: str, k: int) -> list[tuple[str, float]]:
        """The topics of the best 40 texts."""
        found = self._process.extract(self._default(text), self._texts, scorer=self._fuzz.WRatio, limit=40)
        return first_of_each(((self._topics[place], score) for _, score, place in found), k)


class Bm25:
    """bm25s over Chinese characters, their pairs, and Latin words."""

    def __init__(self, texts: Texts) -> None:
        bm25s = importlib.import_module("bm25s")
        self._topics = [topic for topic, _ in texts]
        self._index = bm25s.BM25()
        self._index.index([self._tokens(text) for _, text in texts], show_progress=False)

    @staticmethod
    def _tokens(text: str) -> list[str]:
        units = [
            unit for clause in importlib.import_module("knowledge.normalize").clauses(text.lower()) for unit in clause
        ]
        return units + [a + b for a, b in pairwise(units)] or [" "]

    def rank(self, text: str, k: int) -> list[tuple[str, float]]:
        """The topics of the best 40 texts."""
        places, scores = self._index.retrieve([self._tokens(text)], k=min(40, len(self._topics)), show_progress=False)
        return first_of_each(
            ((self._topics[place], float(score)) for place, score in zip(places[0], scores[0], strict=True)), k
        )


def first_of_each(found: Any, k: int) -> list[tuple[str, float]]:
    """The first `k` topics of a row of topics with repeats; none of what no entry answers."""
    best: dict[str, float] = {}
    for topic, score in found:
        if topic != OUTSIDE:
            best.setdefault(topic, score)
    return list(islice(best.items(), k))


def ours(texts: Texts) -> Matcher:
    """The matcher with the shipped synonyms."""
    return Matcher(
        texts, Views(read_synonyms(SHIPPED / "synonyms.yaml")), read_calibration(SHIPPED / "calibration.yaml")
    )


def measured(make: Callable[[Texts], Ranks], texts: Texts, questions: Sequence[Question]) -> dict[str, float]:
    """Quality on questions, and what it costs."""
    memory, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    method = make(texts)
    build = time.process_time() - began
    method.rank(questions[0].text, 5)
    times: list[float] = []
    right = offered = 0
    for question in questions:
        began = time.process_time()
        order = [topic for topic, _ in method.rank(question.text, 5)]
        times.append(time.process_time() - began)
        right += bool(set(order[:1]) & set(question.topics))
        offered += bool(set(order[:3]) & set(question.topics))
    inside = sum(bool(question.topics) for question in questions)
    times.sort()
    return {
        "top1": right / inside,
        "top3": offered / inside,
        "build_s": build,
        "memory_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024,
        "p50_us": times[len(times) // 2] * 1e6,
        "p99_us": times[int(len(times) * 0.99)] * 1e6,
    }


def large(texts: Texts) -> Texts:
    """A made-up book: the shipped wordings cut and joined anew, spread over many topics."""
    topics, each = LARGE
    words = [text for _, text in texts]
    halves = [(word[: len(word) // 2 + 1], word[len(word) // 2 :]) for word in words]
    joined = (halves[n % len(words)][0] + halves[(n * 7919 + 13) % len(words)][1] for n in range(topics * each))
    return [(f"topic-{number // each}", text) for number, text in enumerate(joined)]


def apart(make: Callable[[Texts], Ranks], texts: Texts, questions: Sequence[Question]) -> dict[str, float]:
    """The same measured in a process of its own."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(measured, (make, texts, questions))


def main() -> None:
    """Print the tables."""
    questions = read_questions(SHIPPED / "questions.jsonl")
    texts = texts_of(read_books()[0])
    began = time.process_time()
    opener()(())
    print(f"open the shipped books: {time.process_time() - began:.2f} s")
    methods: dict[str, Callable[[Texts], Ranks]] = {"lampwise": ours, "rapidfuzz WRatio": Fuzzy}
    if importlib.util.find_spec("bm25s"):
        methods["bm25s"] = Bm25
    for name, book in (
        ("shipped book", texts),
        (f"{LARGE[0]} topics x {LARGE[1]} (quality means nothing)", large(texts)),
    ):
        print(f"\n{name}: {len(book)} texts, {len(questions)} questions")
        found = {method: apart(make, book, questions) for method, make in methods.items()}
        for method, row in found.items():
            ratio = row["p50_us"] / found["lampwise"]["p50_us"]
            print(f"{method:18}", *(f"{key} {value:9.3f}" for key, value in row.items()), f"time x{ratio:.2f}")


if __name__ == "__main__":
    main()
