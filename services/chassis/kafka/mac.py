"""Who wrote a record: its message authentication code (HMAC-SHA256, RFC 2104) under the key of the producing service.

Whoever reaches the broker could otherwise write what it likes. The code covers all that takes effect: topic, key, value
and every CloudEvents attribute, the row's hash among them. Where the record stands in the log it does not cover:
order and repetition are judged by the sequence of its subject, and the trace context decides nothing.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

import orjson

from services.chassis.domain.envelope import ATTRIBUTE
from services.chassis.domain.events import service_of
from services.chassis.kafka.records import Record
from services.chassis.settings import DEVELOPMENT_SECRET, Settings

HEADER = "ce_zonemac"
"""The CloudEvents extension `zonemac`, in hexadecimal digits."""
NAME = itemgetter(0)


class Forged(Exception):
    """A record that no service of the zone wrote as it stands."""


class ProducerKeys:
    """The keys under which the services that are heard write their events.

    Args:
        keys: by service; several while a key is changed, as the log still holds what was written under the old one.
        otherwise: of every service that is not named; None trusts none of them.
    """

    def __init__(self, keys: Mapping[str, Sequence[str]], *, otherwise: str | None = None) -> None:
        self._keys = {service: tuple(key.encode() for key in known) for service, known in keys.items()}
        self._others = (otherwise.encode(),) if otherwise is not None else ()

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
        found = dict(record.headers)
        service = service_of(record.topic)
        if service_of((found.get("ce_type") or b"").decode(errors="replace")) != service:
            raise Forged(f"the record is no event of {service or 'any service'}, as its topic says")
        given = found.get(HEADER)
        if given is None:
            raise Forged("the record has no message authentication code")
        covered = _covered(record)
        keys = self._keys.get(service, self._others)
        if not any(hmac.compare_digest(_mac(key, covered), given) for key in keys):
            raise Forged(f"the message authentication code is not {service}'s")


def with_mac(record: Record, key: bytes) -> Record:
    """A record with the code under its producer's key, in place of any that it has."""
    others = [header for header in record.headers if header[0] != HEADER]
    headers = (*others, (HEADER, _mac(key, _covered(record))))
    return Record(record.topic, record.key, record.value, headers, record.partition, record.offset)


def _mac(key: bytes, covered: bytes) -> bytes:
    return hmac.digest(key, covered, "sha256").hex().encode()


def _covered(record: Record) -> bytes:
    """All that takes effect, unambiguously: as JSON the topic, the names of the attributes and the length of each part
    (null where there is none), then the parts: key, value, and what the attributes say, in the order of their names."""
    attributes = [each for each in record.headers if each[0][:3] == ATTRIBUTE and each[0] != HEADER]
    attributes.sort(key=NAME)
    parts = [record.key, record.value, *[raw for _, raw in attributes]]
    lengths = [None if part is None else len(part) for part in parts]
    names = [name for name, _ in attributes]
    return b"".join([orjson.dumps([record.topic, names, lengths]), *filter(None, parts)])
