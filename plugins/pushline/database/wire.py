"""Parameters in the form in which the driver sends them, made once and sent with every bucket.

Turning the arrays of one pass into bytes took the client longer than sending them; with 64 buckets
a run that is 63 times too often.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.adapt import Dumper, PyFormat, Transformer
from psycopg.pq import Format


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A value as bytes, and the type that the driver announces for it."""

    data: bytes
    oid: int


class EncodedText(_Encoded):
    """A value that the driver sends as text."""


class EncodedBinary(_Encoded):
    """A value that the driver sends in binary."""


class _EncodedDumper(Dumper):
    """Hands the bytes on; one dumper a type, as the driver asks for it."""

    def dump(self, obj: _Encoded) -> bytes:
        """Return the bytes as they are."""
        return obj.data

    def get_key(self, obj: _Encoded, format: PyFormat) -> Any:  # noqa: A002, ARG002 - the driver's
        """Return what tells dumpers of different types apart."""
        return (self.cls, obj.oid)

    def upgrade(self, obj: _Encoded, format: PyFormat) -> "_EncodedDumper":  # noqa: A002, ARG002
        """Return the dumper that announces the value's type."""
        dumper = type(self)(self.cls)
        dumper.oid = obj.oid
        return dumper


class _EncodedTextDumper(_EncodedDumper):
    format = Format.TEXT


class _EncodedBinaryDumper(_EncodedDumper):
    format = Format.BINARY


def teach_driver() -> None:
    """Let every engine that is made afterwards send encoded values."""
    psycopg.adapters.register_dumper(EncodedText, _EncodedTextDumper)
    psycopg.adapters.register_dumper(EncodedBinary, _EncodedBinaryDumper)


def encode(parameters: Mapping[str, Any]) -> dict[str, EncodedText | EncodedBinary | None]:
    """Return the parameters as bytes of the same types: a statement cannot tell them apart."""
    transformer = Transformer()
    values = list(parameters.values())
    dumped = transformer.dump_sequence(values, [PyFormat.AUTO] * len(values))
    types, formats = transformer.types or (), transformer.formats or ()
    return {
        name: None
        if data is None
        else (EncodedBinary if format_ == Format.BINARY else EncodedText)(bytes(data), oid)
        for name, data, oid, format_ in zip(parameters, dumped, types, formats, strict=True)
    }
