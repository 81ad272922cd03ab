"""The tests; each folder mirrors one of mentorbot's."""
