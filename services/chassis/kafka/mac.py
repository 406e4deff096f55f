"""Who wrote a record: its message authentication code (HMAC-SHA256, RFC 2104) under the key of the producing service.

Whoever reaches the broker could otherwise write what it likes. The code covers all that takes effect: topic, key, value
and every CloudEvents attribute, the row's hash among them. Where the record stands in the log it does not cover:
order and repetition are judged by the sequence of its subject, and the trace context decides nothing.
"""

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

import orjson

from services.chassis.domain.envelope import ATTRIBUTE
from services.chassis.domain.events import service_of
from services.chassis.kafka.records import Record
from services.chassis.settings import DEVELOPMENT_SECRET, Settings

HEADER = "ce_zonemac"
"""The CloudEvents extension `zonemac`, in hexadecimal digits."""


class Forged(Exception):
    """A record that no service of the zone wrote as it stands."""


class ProducerKeys:
    """The keys under which the services that are heard write their events.

    Args:
        keys: by service; several while a key is changed, as the log still holds what was written under the old one.
        otherwise: of every service that is not named; None trusts none of them.
    """

    def __init__(self, keys: Mapping[str, Sequence[str]], *, otherwise: str | None = None) -> None:
        self._keys = {service: tuple(_keyed(key.encode()) for key in known) for service, known in keys.items()}
        self._others = (_keyed(otherwise.encode()),) if otherwise is not None else ()

    @classmethod
    def of(cls, settings: Settings, topics: Iterable[str]) -> "ProducerKeys":
        """As a process is told; in development, where nothing is said, all services have one key that everybody knows.

        Args:
            topics: those that it hears.

        Raises:
            ValueError: the key of a service that it hears is missing; the sentence names the variable.
        """
        if not settings.event_keys and settings.env == "development":
            return cls({}, otherwise=DEVELOPMENT_SECRET)
        if missing := sorted({service_of(topic) for topic in topics} - settings.event_keys.keys()):
            raise ValueError(
                f"ZONE_EVENT_KEYS has no key of {', '.join(missing)}: what it tells could not be told from a forgery"
            )
        return cls(settings.event_keys)

    def check(self, record: Record) -> None:
        """Believe a record.

        Raises:
            Forged: its type or topic is no service's, or of two; or its code is none of a key of that service.
        """
        layout, values = _laid_out(record)
        service, of_its_own = _service_of_topic(record.topic)
        type = (values[layout.type] if layout.type is not None else None) or b""
        if not type.startswith(of_its_own) and service_of(type.decode(errors="replace")) != service:
            raise Forged(f"the record is no event of {service or 'any service'}, as its topic says")
        given = values[layout.mac] if layout.mac is not None else None
        if given is None:
            raise Forged("the record has no message authentication code")
        covered = _covered(record, layout, values)
        for key in self._keys.get(service, self._others):
            if hmac.compare_digest(_mac(key, covered), given):
                return
        raise Forged(f"the message authentication code is not {service}'s")


def with_mac(record: Record, key: bytes) -> Record:
    """A record with the code under its producer's key, in place of any that it has."""
    layout, values = _laid_out(record)
    headers = record.headers
    if layout.mac is not None:
        headers = tuple(header for header in headers if header[0] != HEADER)
    code = _mac(_keyed(key), _covered(record, layout, values))
    return Record(record.topic, record.key, record.value, (*headers, (HEADER, code)), record.partition, record.offset)


@lru_cache(maxsize=100)
def _service_of_topic(topic: str) -> tuple[str, bytes]:
    """The service that a topic belongs to, and with what the types of its events begin."""
    service = service_of(topic)
    return service, f"zone.{service}.".encode()


@lru_cache(maxsize=100)
def _keyed(key: bytes) -> hmac.HMAC:
    """The state of HMAC-SHA256 that has taken in the key, to be copied: half of what a code costs."""
    return hmac.new(key, digestmod="sha256")


def _mac(keyed: hmac.HMAC, covered: bytes) -> bytes:
    code = keyed.copy()
    code.update(covered)
    return code.hexdigest().encode()


Values = tuple[bytes | None, ...]


class _Layout(NamedTuple):
    """Where in the headers of a record stands what: the covered attributes by name, its type, and its code.

    `names` are those of the covered ones, as JSON.
    """

    names: bytes
    covered: Callable[[Values], Values]
    type: int | None
    mac: int | None


def _laid_out(record: Record) -> tuple[_Layout, Values]:
    """The layout of a record's headers, and their values."""
    if not record.headers:
        return _layout(()), ()
    names, values = zip(*record.headers)  # noqa: B905 – a header is a pair
    return _layout(names), values


@lru_cache(maxsize=32)  # there are few; one that is not ours may be as large as a record
def _layout(names: tuple[str, ...]) -> _Layout:
    last = {name: at for at, name in enumerate(names)}
    covered = [at for at, name in enumerate(names) if name.startswith(ATTRIBUTE) and name != HEADER]
    covered.sort(key=names.__getitem__)
    said = orjson.dumps([names[at] for at in covered])
    return _Layout(said, _all_at(covered), last.get("ce_type"), last.get(HEADER))


def _all_at(places: Sequence[int]) -> Callable[[Values], Values]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: tuple(values[at] for at in places)


def _covered(record: Record, layout: _Layout, values: Values) -> bytes:
    """All that takes effect, unambiguously: as JSON the topic, the names of the attributes and the length of each part
    (null where there is none), then the parts: key, value, and what the attributes say, in the order of their names."""
    parts = (record.key, record.value, *layout.covered(values))
    lengths = [None if part is None else len(part) for part in parts]
    said = _before_lengths(record.topic, layout.names), orjson.dumps(lengths), b"]"
    return b"".join((*said, *filter(None, parts)))


@lru_cache(maxsize=100)
def _before_lengths(topic: str, names: bytes) -> bytes:
    return b"[%b,%b," % (orjson.dumps(topic), names)
