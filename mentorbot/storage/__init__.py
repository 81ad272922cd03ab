"""The only SQL: tables, transactions, and one module for each thing that people ask of the data."""

from mentorbot.storage.records import Delivery, Person, PlanStep, Schedule, StepState
from mentorbot.storage.requests import AlreadyAnswered
from mentorbot.storage.store import Store, Unit

__all__ = ["AlreadyAnswered", "Delivery", "Person", "PlanStep", "Schedule", "StepState", "Store", "Unit"]
