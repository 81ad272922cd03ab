"""Full-text search of a pack for the answer to a free question: BM25 (tantivy), English stems, synonyms, typo tolerance.

Two indexes are searched, and their scores added: one of whole documents, and one of the single phrases the pack's
author expects people to ask with. A word one of them misses is often in the other.
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
    """Groups of words and phrases that mean the same. In the index, a group is one term, whichever member occurs."""

    def __init__(self, groups: Iterable[Sequence[str]], stems: Callable[[str], list[str]]) -> None:
        self._terms: dict[tuple[str, ...], str] = {}
        for number, group in enumerate(groups):
            for member in group:
                if phrase := tuple(stems(member)):
                    self._terms[phrase] = f"#{number}"  # no stem holds a #, so a group can't be taken for a word
        self._max_length = max(map(len, self._terms), default=1)
        self._stems = {stem for phrase in self._terms for stem in phrase}

    def __contains__(self, stem: str) -> bool:
        return stem in self._stems

    def terms_in(self, stems: Sequence[str]) -> list[str]:
        """List the terms of the groups that occur in a text, given as stems."""
        return [term for term, _ in self.matches_in(stems)]

    def matches_in(self, stems: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
        """List the terms of the groups that occur, each with the stems that matched. The longest phrase wins."""
        index = 0
        while index < len(stems):
            for length in range(min(self._max_length, len(stems) - index), 0, -1):
                phrase = tuple(stems[index : index + length])
                if term := self._terms.get(phrase):
                    yield term, phrase
                    index += length - 1
                    break
            index += 1


# Weights, tuned with `tests/benchmarks/ask.py`: of a word by the field it's in, and of a synonym group by the index.
_BOOSTS = {"title": 2.5, "aliases": 2.0, "text": 1.0, "minor_text": 0.4}
_SYNONYM_BOOST = 2.2
_PHRASE_SYNONYM_BOOST = 1.2
_STOP_WORD_BOOST = 0.7
_TIE_BREAKER = 0.3
# A document's nearest phrase counts in full, and each further one by this factor less: several near ones beat one.
_PHRASE_DECAY = 0.6
_MAX_PHRASES = 100
# An answer that covers less than this fraction of the question's weight would be a guess.
_MIN_COVERAGE = 0.27
# A word the pack doesn't know weighs double: the question is probably about something else.
_UNKNOWN_WORD_FACTOR = 2.0
# Nobody asks in more characters than this. The rest isn't read, so no text can keep the bot busy.
_MAX_QUESTION_LENGTH = 1000
# Words any question may hold, beyond the English stop words tantivy brings along. A contraction is two words: "don" and "t".
_STOP_WORDS = """
aren couldn didn doesn don hadn hasn haven isn shouldn wasn weren won wouldn
am can could d do does doing get have has how i just know like ll m me my need re really s should some t tell thing ve
please pls want what when which who would you
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document, and the score of its match; scores are comparable within one question only."""

    document: SearchDocument
    score: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best documents, best first. `confident` is False if none of them seems to answer the question."""

    hits: tuple[Hit, ...]
    confident: bool


@dataclass(frozen=True, slots=True)
class _Question:
    """A parsed question: all its stems, the meaningful ones (all, if none is), and the synonym group of each."""

    stems: tuple[str, ...]
    keywords: tuple[str, ...]
    synonyms: Mapping[str, str]


class _Index:
    """A searcher, and the number of the document behind each address, since reading that back takes most of a search."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self.searcher = searcher
        self._numbers: dict[tuple[int, int], int] = {}

    def number_of(self, address: tantivy.DocAddress) -> int:
        """Look up the number of a document."""
        place = address.segment_ord, address.doc
        number = self._numbers.get(place)
        if number is None:
            number = self._numbers[place] = int(self.searcher.doc(address).get_first("number") or 0)
        return number


class Search:
    """A search index of one pack, in memory."""

    def __init__(self, pack: Pack) -> None:
        self.documents = tuple(search_documents(pack))
        self._stemmer = _analyzer()
        self._keyword_stemmer = _analyzer(_STOP_WORDS.split())
        self._synonyms = SynonymGroups(pack.synonyms, self._stemmer.analyze)
        self._schema = _schema()
        self._document_index = self._index(self._document_entries())
        self._phrase_index = self._index(self._phrase_entries())
        self._terms = [self._terms_of(document) for document in self.documents]
        self._known_stems = frozenset[str]().union(*self._terms)
        self._vocabulary = sorted(self._known_stems)

    def find(self, question: str, limit: int = 4) -> SearchResult:
        """Find the documents that match `question`, at most `limit`."""
        parsed = self._parse(question)
        if not parsed.stems:
            return SearchResult((), confident=False)
        scores = self._scores(parsed)
        ranked = sorted(scores, key=lambda number: (-scores[number], number))[:limit]
        hits = tuple(Hit(self.documents[number], scores[number]) for number in ranked)
        return SearchResult(hits, confident=bool(hits) and self._is_answer(ranked[0], parsed))

    def topics(self) -> list[SearchDocument]:
        """List good places to start, for when nothing matches."""
        ids = ("section:overview", "section:salary", "section:path", "section:skills")
        return [document for document in self.documents if document.id in ids]

    def _parse(self, question: str) -> _Question:
        stems = tuple(map(self._corrected, self._stemmer.analyze(question[:_MAX_QUESTION_LENGTH])))
        keywords = tuple(map(self._corrected, self._keyword_stemmer.analyze(question[:_MAX_QUESTION_LENGTH])))
        synonyms = {stem: term for term, phrase in self._synonyms.matches_in(stems) for stem in phrase}
        return _Question(stems, tuple(dict.fromkeys(keywords or stems)), synonyms)

    def _corrected(self, stem: str) -> str:
        """Correct a typo: return the pack's nearest stem if one is near enough, else the stem itself."""
        if len(stem) < 6 or stem in self._known_stems or stem in self._synonyms:
            return stem  # short words have too many neighbours to guess which one was meant
        distance = 1 if len(stem) < 8 else 2
        nearest = process.extractOne(stem, self._vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=distance)
        return nearest[0] if nearest and nearest[0][0] == stem[0] else stem

    def _scores(self, question: _Question) -> dict[int, float]:
        """Score each document that has anything in common with the question, by its number."""
        groups = tuple(dict.fromkeys(question.synonyms.values()))
        document_queries = [self._keyword_query(stem) for stem in question.keywords]
        document_queries += [self._term_query("synonyms", term, _SYNONYM_BOOST) for term in groups]
        phrase_queries = [
            self._term_query("phrase", stem, 1.0 if stem in question.keywords else _STOP_WORD_BOOST)
            for stem in dict.fromkeys(question.stems)
        ]
        phrase_queries += [self._term_query("phrase_synonyms", term, _PHRASE_SYNONYM_BOOST) for term in groups]
        scores = dict(_matches(self._document_index, document_queries, len(self.documents)))
        factors: dict[int, float] = {}
        for number, score in _matches(self._phrase_index, phrase_queries, _MAX_PHRASES):
            scores[number] = scores.get(number, 0.0) + score * factors.get(number, 1.0)
            factors[number] = factors.get(number, 1.0) * _PHRASE_DECAY
        return scores

    def _term_query(self, field: str, term: str, boost: float = 1.0) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field, term), boost)

    def _keyword_query(self, stem: str) -> tantivy.Query:
        queries = [self._term_query(field, stem, boost) for field, boost in _BOOSTS.items()]
        return tantivy.Query.disjunction_max_query(queries, _TIE_BREAKER)

    def _is_answer(self, number: int, question: _Question) -> bool:
        """Tell if a document covers enough of the question's weight, or lists the question word for word."""
        if question.stems in self._known_phrases:
            return True
        weights = {stem: self._weight(stem) for stem in question.keywords}
        covered = sum(weight for stem, weight in weights.items() if self._covers(number, stem, question))
        return covered / sum(weights.values()) >= _MIN_COVERAGE

    def _covers(self, number: int, stem: str, question: _Question) -> bool:
        return not self._terms[number].isdisjoint((stem, question.synonyms.get(stem, stem)))

    def _weight(self, term: str) -> float:
        """Weigh a term by its inverse document frequency: the rarer it is, the more it tells."""
        frequency = sum(term in terms for terms in self._terms)
        unknown = not frequency and term not in self._synonyms
        return math.log(1 + (len(self._terms) + 1) / (frequency + 0.5)) * (_UNKNOWN_WORD_FACTOR if unknown else 1.0)

    @cached_property
    def _known_phrases(self) -> frozenset[tuple[str, ...]]:
        aliases = (alias for document in self.documents for alias in document.aliases)
        return frozenset(tuple(self._stemmer.analyze(alias)) for alias in aliases)

    def _terms_of(self, document: SearchDocument) -> frozenset[str]:
        """List every meaningful stem of a document, and every synonym group that occurs in it."""
        text = " . ".join((document.title, *document.aliases, document.text, document.minor_text))
        return frozenset([*self._keyword_stemmer.analyze(text), *self._synonyms.terms_in(self._stemmer.analyze(text))])

    def _document_entries(self) -> Iterator[tantivy.Document]:
        for number, document in enumerate(self.documents):
            aliases = " . ".join(document.aliases)
            yield tantivy.Document(
                number=number,
                title=document.title,
                aliases=aliases,
                text=document.text,
                minor_text=document.minor_text,
                synonyms=self._synonym_terms(f"{document.title} . {aliases} . {document.text}"),
            )

    def _phrase_entries(self) -> Iterator[tantivy.Document]:
        for number, document in enumerate(self.documents):
            for phrase in (document.title, *document.aliases):
                yield tantivy.Document(number=number, phrase=phrase, phrase_synonyms=self._synonym_terms(phrase))

    def _synonym_terms(self, text: str) -> str:
        return " ".join(self._synonyms.terms_in(self._stemmer.analyze(text)))

    def _index(self, entries: Iterable[tantivy.Document]) -> _Index:
        index = tantivy.Index(self._schema)
        index.register_tokenizer("keyword_stems", self._keyword_stemmer)
        index.register_tokenizer("stems", self._stemmer)
        with index.writer(15_000_000, 1) as writer:  # one thread, and the smallest heap (bytes) tantivy accepts
            for entry in entries:
                writer.add_document(entry)
            writer.commit()
            writer.wait_merging_threads()
        index.reload()
        return _Index(index.searcher())


def _matches(index: _Index, queries: Sequence[tantivy.Query], limit: int) -> Iterator[tuple[int, float]]:
    """List the numbers and scores of the documents that match any of the queries, best first."""
    query = tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in queries])
    for score, address in index.searcher.search(query, limit).hits:
        yield index.number_of(address), float(score)


def _analyzer(stop_words: Sequence[str] = ()) -> tantivy.TextAnalyzer:
    """Build an analyzer that makes English stems without case and accents, and drops the stop words if there are any."""
    filters = [tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold()]
    if stop_words:
        filters += [tantivy.Filter.stopword("english"), tantivy.Filter.custom_stopword(list(stop_words))]
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for text_filter in (*filters, tantivy.Filter.stemmer("english")):
        builder = builder.filter(text_filter)
    return builder.build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", stored=True, indexed=True)
    for name in _BOOSTS:
        builder.add_text_field(name, tokenizer_name="keyword_stems")
    builder.add_text_field("phrase", tokenizer_name="stems")
    for name in ("synonyms", "phrase_synonyms"):
        builder.add_text_field(name, tokenizer_name="whitespace")
    return builder.build()
