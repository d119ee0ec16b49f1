"""Who may get a push: named SQL files, run once a run, read only and contained.

catalogue.py knows the files, guard.py refuses what is no plain SELECT, reader.py runs one statement
under limits, reading.py makes blocks of what it returns, snapshot.py freezes them, check.py tells
an analyst about a file.
"""

from pushline.audience.catalogue import AUDIENCES, TRIGGERS, Catalogue, catalogue_for
from pushline.audience.check import AudienceReport, Overlap, Sample, check, preview
from pushline.audience.grants import grant_audience_reader, list_reader_risks
from pushline.audience.reader import Limits
from pushline.audience.snapshot import Snapshot, take_snapshot

__all__ = [
    "AUDIENCES",
    "TRIGGERS",
    "AudienceReport",
    "Catalogue",
    "Limits",
    "Overlap",
    "Sample",
    "Snapshot",
    "catalogue_for",
    "check",
    "grant_audience_reader",
    "list_reader_risks",
    "preview",
    "take_snapshot",
]
