"""The rules of mentoring, without I/O, and the records that views draw."""
