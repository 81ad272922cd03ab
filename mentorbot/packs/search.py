"""Finding the document that answers a free question: tantivy (BM25, English stems) with synonyms and typing errors."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import tantivy
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from mentorbot.packs.documents import Document, documents
from mentorbot.packs.model import Pack

# How much a word counts by where it stands.
_BOOSTS = {"title": 2.5, "also": 2.0, "text": 1.0, "names": 0.4}
_CONCEPT_BOOST = 1.3
_TIE_BREAKER = 0.3
# Below this share of the question's weight, an answer would be a guess.
_SURE = 0.33
# Words that every question holds, beyond the English stop words that tantivy brings.
_EMPTY_WORDS = [
    "am",
    "can",
    "could",
    "do",
    "does",
    "doing",
    "get",
    "have",
    "has",
    "how",
    "i",
    "just",
    "know",
    "like",
    "me",
]
_EMPTY_WORDS += [
    "my",
    "need",
    "really",
    "should",
    "some",
    "tell",
    "thing",
    "want",
    "what",
    "when",
    "which",
    "who",
    "would",
    "you",
]

Stemmer = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A document and how well it fits; scores compare within one question only."""

    document: Document
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The best documents, best first. `sure` is False when none of them answers the question."""

    hits: tuple[Hit, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class _Term:
    """One thing that a question asks for: a stem, or a group of synonyms."""

    field: str
    text: str


class Search:
    """An index of one pack, in memory."""

    def __init__(self, pack: Pack) -> None:
        self._documents = tuple(documents(pack))
        self._analyze = _analyzer()
        self._concepts = _Concepts(pack.synonyms, self._stems)
        self._schema = _schema()
        self._searcher = self._index()
        self._words = [self._all_words(document) for document in self._documents]
        self._vocabulary = sorted(set().union(*self._words))

    def find(self, question: str, limit: int = 4) -> Found:
        """The documents that fit `question`, at most `limit`."""
        terms = self._terms(question)
        queries = [(tantivy.Occur.Should, self._query(term)) for term in terms]
        if not queries:
            return Found((), sure=False)
        result = self._searcher.search(tantivy.Query.boolean_query(queries), limit).hits
        hits = tuple(Hit(self._documents[self._number(address)], float(score)) for score, address in result)
        return Found(hits, sure=bool(hits) and self._covered(terms, self._documents.index(hits[0].document)) >= _SURE)

    def topics(self) -> list[Document]:
        """Where to begin, when nothing is near."""
        wanted = ("section:overview", "section:salary", "section:path", "section:skills")
        return [document for document in self._documents if document.id in wanted]

    def _stems(self, text: str) -> list[str]:
        return self._analyze.analyze(text)

    def _all_words(self, document: Document) -> frozenset[str]:
        """Every stem of a document and every group of synonyms that it speaks of."""
        stems = self._stems(_everything(document))
        return frozenset([*stems, *self._concepts.of(stems)])

    def _index(self) -> tantivy.Searcher:
        index = tantivy.Index(self._schema)
        index.register_tokenizer("words", _analyzer())
        with index.writer(15_000_000, 1) as writer:
            for number, document in enumerate(self._documents):
                fields: dict[str, object] = {"title": document.title, "text": document.text, "names": document.names}
                concepts = self._concepts.of(
                    self._stems(f"{document.title} . {' . '.join(document.also)} . {document.text}")
                )
                writer.add_document(
                    tantivy.Document(
                        number=number, also=" . ".join(document.also), concepts=" ".join(concepts), **fields
                    )
                )
            writer.commit()
            writer.wait_merging_threads()
        index.reload()
        return index.searcher()

    def _number(self, address: tantivy.DocAddress) -> int:
        return int(self._searcher.doc(address).get_first("number") or 0)

    def _terms(self, question: str) -> list[_Term]:
        stems = [self._mended(stem) for stem in self._stems(question)]
        concepts = self._concepts.of(stems)
        return [
            *(_Term("", stem) for stem in dict.fromkeys(stems)),
            *(_Term("concepts", name) for name in dict.fromkeys(concepts)),
        ]

    def _mended(self, stem: str) -> str:
        """The stem, or the nearest one that the pack has, when it looks like a typing error."""
        if len(stem) < 6 or stem in self._vocabulary or self._concepts.knows(stem):
            return stem
        distance = 1 if len(stem) < 8 else 2
        near = process.extractOne(stem, self._vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=distance)
        return near[0] if near and near[0][0] == stem[0] else stem

    def _query(self, term: _Term) -> tantivy.Query:
        if term.field:
            query = tantivy.Query.term_query(self._schema, term.field, term.text)
            return tantivy.Query.boost_query(query, _CONCEPT_BOOST)
        queries = [
            tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, name, term.text), boost)
            for name, boost in _BOOSTS.items()
        ]
        return tantivy.Query.disjunction_max_query(queries, _TIE_BREAKER)

    def _covered(self, terms: Sequence[_Term], number: int) -> float:
        """The share of the question's weight that a document answers; rare words weigh more, unknown ones most."""
        weights = {term.text: self._weight(term.text) for term in terms}
        answered = sum(weight for term, weight in weights.items() if term in self._words[number])
        return answered / sum(weights.values())

    def _weight(self, term: str) -> float:
        frequency = sum(term in words for words in self._words)
        return math.log(1 + (len(self._words) + 1) / (frequency + 0.5))


class _Concepts:
    """Groups of synonyms. Each is a word of its own in the index, written for any member, phrases too."""

    def __init__(self, groups: Iterable[Sequence[str]], stems: Stemmer) -> None:
        self._members: dict[tuple[str, ...], str] = {}
        for number, group in enumerate(groups):
            for member in group:
                if key := tuple(stems(member)):
                    self._members[key] = f"concept{number}"
        self._longest = max(map(len, self._members), default=1)
        self._words = {word for key in self._members for word in key}

    def knows(self, stem: str) -> bool:
        return stem in self._words

    def of(self, stems: Sequence[str]) -> list[str]:
        """The groups that are spoken of in a row of stems; the longest phrase wins."""
        return list(self._found(stems))

    def _found(self, stems: Sequence[str]) -> Iterator[str]:
        place = 0
        while place < len(stems):
            for length in range(min(self._longest, len(stems) - place), 0, -1):
                name = self._members.get(tuple(stems[place : place + length]))
                if name:
                    yield name
                    place += length - 1
                    break
            place += 1


def _everything(document: Document) -> str:
    return " . ".join((document.title, *document.also, document.text, document.names))


def _analyzer() -> tantivy.TextAnalyzer:
    """Words that carry meaning, without accents and case, as English stems."""
    filters = (
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stopword("english"),
        tantivy.Filter.custom_stopword(_EMPTY_WORDS),
        tantivy.Filter.stemmer("english"),
    )
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for each in filters:
        builder = builder.filter(each)
    return builder.build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", stored=True, indexed=True)
    for name in _BOOSTS:
        builder.add_text_field(name, tokenizer_name="words")
    builder.add_text_field("concepts", tokenizer_name="whitespace")
    return builder.build()
