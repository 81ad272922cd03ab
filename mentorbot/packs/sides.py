"""The sides of an answer that people ask for in a word or two: “why?”, “for example?”, “which one first?”."""

from __future__ import annotations

import re
from enum import Enum

_IT = "(?:it|that|this)"
_NUMBER = r"(?:\d+|an?|half an?|one|two|three|four|five|six|eight|ten|twelve|a few|several)"
_UNIT = "(?:minutes?|hours?|days?|weeks?|months?|years?)"


class Side(Enum):
    """A side of an answer: the words that ask about it, and those of a sentence that tells it ("" for none in particular).

    A word such as “hard” is told by its sentence; what else there is, by another passage.
    """

    SOURCE = (
        (
            f"says who|who says(?: {_IT})?|sources?|according to whom?|are you sure|how do you know(?: {_IT})?"
            f"|where(?:'?s| is| did you get) {_IT} from|is {_IT} (?:true|official)"
        ),
        "",
    )
    MEANING = (
        (
            f"what do you mean(?: (?:by|with) {_IT})?|(?:what does|whats|what['’]?s|what is) {_IT} mean|meaning|eli5|simpler"
            "|(?:like|as if) i['’]?(?:m| am) (?:five|5|a child)"
            f"|(?:don['’]?t|do not) (?:get|understand)(?: {_IT})?|in (?:plain|simple|other|normal) (?:words|english|terms)"
        ),
        "",
    )
    REASON = (
        "why(?: not)?|how come|how so|what for|reasons?",
        (
            "because|since|so that|otherwise|that['’]s (?:why|how|what|where)|the reason|which is why"
            "|(?:use|take) (?:it|one|them) (?:when|if|for|to)|pays? off"
        ),
    )
    EXAMPLE = (
        "(?<!how many )(?<!enough )examples?|for instance|e\\.?g|like what|such as(?: what)?|sample|what would that look like",
        "e\\.g|for (?:example|instance)|example",
    )
    SHORT = (
        (
            "shorter|too (?:long|much(?: text)?)|tl;?dr|in (?:short|brief|a nutshell)"
            "|(?:in )?(?:one|a single|\\d) (?:sentence|line|word)s?"
            "|summari[sz]e|summary|the gist|boil (?:it|that) down"
        ),
        "",
    )
    DURATION = (
        f"how (?:long|many {_UNIT}|fast|quickly|soon|much time)",
        rf"{_NUMBER}(?:\s|-|–|to|or|\d|\+|{_NUMBER})*{_UNIT}|(?:for|in|within|over) (?:minutes|hours|days|weeks|months|years)",
    )
    AMOUNT = (
        "how (?:often|much|many|big|large|deep)|what size",
        r"\d+|once (?:an?|per|every|each|or)|twice|daily|weekly|monthly|every|half|most|a few|several",
    )
    DIFFICULTY = (
        "hard|difficult|tough|easy|tricky|doable|complicated|a lot of work",
        "hard(?:er|est)?|difficult|eas(?:y|ier|iest)|simpl(?:e|er|est)|tricky|takes practice|realistic",
    )
    AFTERWARDS = (
        f"(?:and )?after {_IT}|and then(?=\\W*$)|then what|what then|what(?:'?s| is| comes)? next|next step",
        "after that|then|next|afterwards|later|step by step",
    )
    FIRST = (
        "first|to start(?: with)?|(?:do|should|would|to) (?:i |we |you )?(?:start|begin)|most important|in (?:which|what) order",
        "first|start (?:with|by|at|from)|begin (?:with|by)|starts? with|before (?:you|any)",
    )
    CHOICE = (
        "which (?:one|of (?:them|these|those))",
        "usually|mostly|enough|best|suits?|choose|take|pick|prefer|rather|instead|depends",
    )
    RISK = (
        "go(?:es)? wrong|risks?|risky|dangers?|dangerous|downsides?|pitfalls?|drawbacks?|the catch|mistakes?|watch out(?: for)?",
        "don['’]t|never|risks?|traps?|mistakes?|wrong|fails?|lose|careful|harm|break",
    )
    MORE = (
        (
            "(?:anything|what|something) else|(?:any )?other (?:ways?|options?|ideas?|tips?)|alternatives?|is that (?:it|all)"
            f"|more(?: about {_IT})?"
        ),
        "",
    )
    NEED = (
        "need(?:ed)?|necessary|required?|mandatory|have to|must|worth it",
        "need(?:s|ed|n['’]t)?|necessary|required|only (?:if|when|once)|worth|enough|must",
    )
    WHEN = ("when", "when|once|as soon as|until|before|if|where")
    HOW = (
        (
            "in (?:practice|real life|concrete terms)"
            "|how(?: exactly)?(?: (?:do|would|can|could|should) (?:i|you|we|one|they)(?: actually)? (?:do|start|go about)"
            f"(?: (?:{_IT}|so))?)?"
        ),
        "",
    )

    def __init__(self, asks: str, tells: str) -> None:
        self.asks = re.compile(rf"\b(?:{asks})\b", re.IGNORECASE)
        self.tells = re.compile(rf"\b(?:{tells})\b", re.IGNORECASE) if tells else None


def side_of(question: str) -> Side | None:
    """Tell which side of an answer a question asks for; None if none in particular."""
    return next((side for side in Side if side.asks.search(question)), None)
