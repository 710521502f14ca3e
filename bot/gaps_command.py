"""`lampwise gaps`: what people asked in vain, with drafts for the books, and how the entries were rated.

Not its job: which questions ask alike (`knowledge.clusters`), what is kept (`storage.questions`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence

from bot.database import refused
from bot.given import learnt_file, meant_language
from bot.refusal import DONE
from bot.settings import Settings
from bot.texts import own_texts
from dialogs.wording import Wording
from knowledge.clusters import Cluster, Unhelped, clustered, draft
from knowledge.library import Library
from storage import schema
from storage.opening import is_there, opened
from storage.questions import Asked, ratings, unanswered

_Found = tuple[Sequence[Asked], Mapping[str, tuple[int, int]]]


def run(settings: Settings, language: str | None) -> int:
    """Print YAML: a group of questions a paragraph, then what was rated; raises Refusal for a bad database."""
    chosen = settings.lang if language is None else meant_language(language)
    texts = own_texts("gaps.yaml")
    with refused():
        asked, rated = _read(settings.database_url)
    questions = [Unhelped(text=one.text, language=one.language, why=one.why) for one in asked]
    library = Library(settings.knowledge, learnt_file(settings.knowledge))
    clusters = clustered(questions, library.matcher) if questions else []
    lines = [*_told(clusters, texts, chosen), *_rated(rated, texts, chosen)]
    sys.stdout.buffer.write("".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace"))
    return DONE


def _read(url: str) -> _Found:
    if not is_there(url):
        return (), {}
    with opened(url) as engine:
        if schema.version(engine) is None:
            return (), {}
        schema.ensure(engine)
        return unanswered(engine), ratings(engine)


def _told(clusters: Sequence[Cluster], texts: Mapping[str, Wording], language: str) -> Iterator[str]:
    if not clusters:
        yield "# " + texts["gaps-none"].fill(language)
    for cluster in clusters:
        whys = {why: str(sum(one.why == why for one in cluster.questions)) for why in ("none", "declined", "reworded")}
        yield "# " + texts["gaps-group"].fill(language, {"count": str(len(cluster.questions)), **whys})
        yield from draft(cluster)
        yield ""


def _rated(rated: Mapping[str, tuple[int, int]], texts: Mapping[str, Wording], language: str) -> Iterator[str]:
    if rated:
        yield "# " + texts["gaps-rated"].fill(language)
    for topic, (up, down) in sorted(rated.items(), key=lambda one: (one[1][0] - one[1][1], one[0])):
        yield f"# {topic}: +{up} -{down}"
