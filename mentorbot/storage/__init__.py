"""The only SQL: tables, transactions, and one module for each thing that people ask of the data."""

from mentorbot.storage.addressees import Addressee
from mentorbot.storage.attempts import Enclosed
from mentorbot.storage.notices import Notice
from mentorbot.storage.plans import StalePlan
from mentorbot.storage.records import (
    Assessed,
    CheckIn,
    Delivery,
    Figures,
    KeptPlan,
    Learner,
    Mentor,
    MessageSettings,
    Pairing,
    Person,
    Profile,
    Recalled,
    Schedule,
    Sharing,
)
from mentorbot.storage.requests import AlreadyAnswered
from mentorbot.storage.store import Store, Unit

__all__ = [
    "Addressee",
    "AlreadyAnswered",
    "Assessed",
    "CheckIn",
    "Delivery",
    "Enclosed",
    "Figures",
    "KeptPlan",
    "Learner",
    "Mentor",
    "MessageSettings",
    "Notice",
    "Pairing",
    "Person",
    "Profile",
    "Recalled",
    "Schedule",
    "Sharing",
    "StalePlan",
    "Store",
    "Unit",
]
