"""The only SQL: tables, transactions, and one module for each thing stored."""

from mentorbot.storage.conversations import Draft
from mentorbot.storage.database import shown_url
from mentorbot.storage.deliveries import OneOff
from mentorbot.storage.delivery_claims import Enclosed
from mentorbot.storage.interactions import AlreadyProcessed
from mentorbot.storage.learners import LearnerRepository
from mentorbot.storage.migrations import DatabaseState, Examination, examine
from mentorbot.storage.plans import StalePlan
from mentorbot.storage.recipients import Recipient
from mentorbot.storage.store import Store, UnitOfWork

__all__ = [
    "AlreadyProcessed",
    "DatabaseState",
    "Draft",
    "Enclosed",
    "Examination",
    "LearnerRepository",
    "OneOff",
    "Recipient",
    "StalePlan",
    "Store",
    "UnitOfWork",
    "examine",
    "shown_url",
]
