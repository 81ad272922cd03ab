"""Finding the document that answers a free question: tantivy (BM25, English stems) with synonyms and typing errors.

Two indexes are asked and their scores added: one of whole documents, and one of the single phrases under which the
pack's author expects each to be asked for. A word missed by one is often met by the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import tantivy
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from mentorbot.packs.schema import Pack
from mentorbot.packs.search_documents import SearchDocument, search_documents


class SynonymGroups:
    """Groups of synonyms. Each is a word of its own in the index, written for any member, phrases too."""

    def __init__(self, groups: Iterable[Sequence[str]], stems: Callable[[str], list[str]]) -> None:
        self._members: dict[tuple[str, ...], str] = {}
        for number, group in enumerate(groups):
            for member in group:
                if key := tuple(stems(member)):
                    self._members[key] = f"concept{number}"
        self._longest = max(map(len, self._members), default=1)
        self._words = {word for key in self._members for word in key}

    def knows(self, stem: str) -> bool:
        """Whether a stem stands in some member."""
        return stem in self._words

    def of(self, stems: Sequence[str]) -> list[str]:
        """The groups that are spoken of in a row of stems; the longest phrase wins."""
        return [name for name, _ in self.found(stems)]

    def found(self, stems: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
        """The same, each with the stems that speak of it."""
        place = 0
        while place < len(stems):
            for length in range(min(self._longest, len(stems) - place), 0, -1):
                key = tuple(stems[place : place + length])
                if name := self._members.get(key):
                    yield name, key
                    place += length - 1
                    break
            place += 1


# How much a word counts by where it stands in a document, and a group of synonyms in a document and in a phrase.
_BOOSTS = {"title": 2.5, "also": 2.0, "text": 1.0, "names": 0.4}
_CONCEPT_BOOST = 2.2
_MEANING_BOOST = 1.2
_EMPTY_BOOST = 0.7
_TIE_BREAKER = 0.3
# The nearest phrase counts in full, each further one less: several near ones are better than one.
_NEXT_PHRASE = 0.6
_NEAR_PHRASES = 100
# Below this share of the question's weight, an answer would be a guess. A word unknown to the pack weighs double.
_SURE = 0.27
_UNKNOWN = 2.0
# Nobody asks in more characters than this; what follows is not read, so that no text can keep the bot busy.
_LONGEST = 1000
# Words that every question holds, beyond the English stop words that tantivy brings.
_EMPTY_WORDS = """
am can could d do does doing get have has how i just know like ll m me my need re really s should some t tell thing ve
please pls want what when which who would you
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document and how well it fits; scores compare within one question only."""

    document: SearchDocument
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The best documents, best first. `sure` is False when none of them answers the question."""

    hits: tuple[Hit, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question: every stem in it, those that carry meaning (all, if none does), and their groups of synonyms."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    concepts: Mapping[str, str]


class Search:
    """An index of one pack, in memory."""

    def __init__(self, pack: Pack) -> None:
        self.documents = tuple(search_documents(pack))
        self._plain = _analyzer()
        self._full = _analyzer(_EMPTY_WORDS.split())
        self._concepts = SynonymGroups(pack.synonyms, self._plain.analyze)
        self._schema = _schema()
        self._whole = self._index(self._whole_documents())
        self._phrases = self._index(self._single_phrases())
        self._words = [self._all_words(document) for document in self.documents]
        self._vocabulary = sorted(set().union(*self._words))

    def find(self, question: str, limit: int = 4) -> Found:
        """The documents that fit `question`, at most `limit`."""
        asked = self._asked(question)
        if not asked.words:
            return Found((), sure=False)
        scores = self._scores(asked)
        ranked = sorted(scores, key=lambda number: (-scores[number], number))[:limit]
        hits = tuple(Hit(self.documents[number], scores[number]) for number in ranked)
        return Found(hits, sure=bool(hits) and self._answers(ranked[0], asked))

    def topics(self) -> list[SearchDocument]:
        """Where to begin, when nothing is near."""
        wanted = ("section:overview", "section:salary", "section:path", "section:skills")
        return [document for document in self.documents if document.id in wanted]

    def _asked(self, question: str) -> _Asked:
        words = tuple(map(self._mended, self._plain.analyze(question[:_LONGEST])))
        stems = tuple(map(self._mended, self._full.analyze(question[:_LONGEST])))
        concepts = {stem: name for name, spoken in self._concepts.found(words) for stem in spoken}
        return _Asked(words, tuple(dict.fromkeys(stems or words)), concepts)

    def _mended(self, stem: str) -> str:
        """The stem, or the nearest one that the pack has, when it looks like a typing error."""
        if len(stem) < 6 or stem in self._vocabulary or self._concepts.knows(stem):
            return stem
        distance = 1 if len(stem) < 8 else 2
        near = process.extractOne(stem, self._vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=distance)
        return near[0] if near and near[0][0] == stem[0] else stem

    def _scores(self, asked: _Asked) -> dict[int, float]:
        """The score of each document that has anything to do with the question, by its number."""
        whole = [self._word(stem) for stem in asked.stems]
        whole += [self._term("concepts", name, _CONCEPT_BOOST) for name in dict.fromkeys(asked.concepts.values())]
        phrases = [
            self._term("phrase", word, 1.0 if word in asked.stems else _EMPTY_BOOST)
            for word in dict.fromkeys(asked.words)
        ]
        phrases += [self._term("meaning", name, _MEANING_BOOST) for name in dict.fromkeys(asked.concepts.values())]
        scores = dict(_matches(self._whole, whole, len(self.documents)))
        share: dict[int, float] = {}
        for number, score in _matches(self._phrases, phrases, _NEAR_PHRASES):
            scores[number] = scores.get(number, 0.0) + score * share.get(number, 1.0)
            share[number] = share.get(number, 1.0) * _NEXT_PHRASE
        return scores

    def _term(self, field: str, text: str, boost: float = 1.0) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field, text), boost)

    def _word(self, stem: str) -> tantivy.Query:
        queries = [self._term(name, stem, boost) for name, boost in _BOOSTS.items()]
        return tantivy.Query.disjunction_max_query(queries, _TIE_BREAKER)

    def _answers(self, number: int, asked: _Asked) -> bool:
        """Whether a document holds enough of the question's weight, or the question stands in it word for word."""
        weights = {stem: self._weight(stem) for stem in asked.stems}
        held = sum(weight for stem, weight in weights.items() if self._holds(number, stem, asked))
        return asked.words in self._known_questions or held / sum(weights.values()) >= _SURE

    def _holds(self, number: int, stem: str, asked: _Asked) -> bool:
        return not self._words[number].isdisjoint((stem, asked.concepts.get(stem, stem)))

    def _weight(self, term: str) -> float:
        """Rare terms weigh more, those that the pack does not know most."""
        frequency = sum(term in words for words in self._words)
        unknown = not frequency and not self._concepts.knows(term)
        return math.log(1 + (len(self._words) + 1) / (frequency + 0.5)) * (_UNKNOWN if unknown else 1.0)

    @cached_property
    def _known_questions(self) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(self._plain.analyze(also)) for document in self.documents for also in document.also)

    def _all_words(self, document: SearchDocument) -> frozenset[str]:
        """Every stem of a document that carries meaning, and every group of synonyms that it speaks of."""
        text = " . ".join((document.title, *document.also, document.text, document.names))
        return frozenset([*self._full.analyze(text), *self._concepts.of(self._plain.analyze(text))])

    def _whole_documents(self) -> Iterator[tantivy.Document]:
        for number, document in enumerate(self.documents):
            also = " . ".join(document.also)
            yield tantivy.Document(
                number=number,
                title=document.title,
                also=also,
                text=document.text,
                names=document.names,
                concepts=self._meaning(f"{document.title} . {also} . {document.text}"),
            )

    def _single_phrases(self) -> Iterator[tantivy.Document]:
        for number, document in enumerate(self.documents):
            for phrase in (document.title, *document.also):
                yield tantivy.Document(number=number, phrase=phrase, meaning=self._meaning(phrase))

    def _meaning(self, text: str) -> str:
        return " ".join(self._concepts.of(self._plain.analyze(text)))

    def _index(self, entries: Iterable[tantivy.Document]) -> tantivy.Searcher:
        index = tantivy.Index(self._schema)
        index.register_tokenizer("full", self._full)
        index.register_tokenizer("plain", self._plain)
        with index.writer(15_000_000, 1) as writer:
            for entry in entries:
                writer.add_document(entry)
            writer.commit()
            writer.wait_merging_threads()
        index.reload()
        return index.searcher()


def _matches(index: tantivy.Searcher, queries: Sequence[tantivy.Query], limit: int) -> Iterator[tuple[int, float]]:
    """The numbers of the documents that answer any of the queries, with their scores, best first."""
    query = tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in queries])
    for score, address in index.search(query, limit).hits:
        yield int(index.doc(address).get_first("number") or 0), float(score)


def _analyzer(empty_words: Sequence[str] = ()) -> tantivy.TextAnalyzer:
    """English stems without accents and case; with `empty_words`, only those that carry meaning."""
    filters = [tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold()]
    if empty_words:
        filters += [tantivy.Filter.stopword("english"), tantivy.Filter.custom_stopword(list(empty_words))]
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for each in (*filters, tantivy.Filter.stemmer("english")):
        builder = builder.filter(each)
    return builder.build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", stored=True, indexed=True)
    for name in _BOOSTS:
        builder.add_text_field(name, tokenizer_name="full")
    builder.add_text_field("phrase", tokenizer_name="plain")
    for name in ("concepts", "meaning"):
        builder.add_text_field(name, tokenizer_name="whitespace")
    return builder.build()
