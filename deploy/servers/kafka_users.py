"""Users and rights (ACLs) of a guarded Kafka: a service writes its own topics, and reads those that it hears."""

from collections.abc import Iterator, Mapping
from typing import Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialAlteration,
    UserScramCredentialUpsertion,
)

from deploy.complaint import Complaint
from deploy.services import assembled
from services.chassis.consuming.group import group_of

TIMEOUT_S: Final = 30
ITERATIONS: Final = 8_192
"""Of the key derivation; Kafka asks for 4,096 at least (RFC 7677 §4 too). The passwords are random anyhow."""


def make_users(bootstrap: str, passwords: Mapping[str, str]) -> None:
    """Make a user for each service, or give it this password, and let it do what it needs; may be done again.

    Args:
        bootstrap: a listener by which that may be done.
        passwords: by service, which is also the user's name.

    Raises:
        Complaint: the broker refused or did not answer.
    """
    admin = AdminClient({"bootstrap.servers": bootstrap})
    by_scram = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS)
    users: list[UserScramCredentialAlteration] = [
        UserScramCredentialUpsertion(name, by_scram, password=password.encode()) for name, password in passwords.items()
    ]
    rights = [right for name in passwords for right in rights_of(name)]
    try:
        asked = [
            *admin.alter_user_scram_credentials(users, request_timeout=TIMEOUT_S).values(),
            *admin.create_acls(rights, request_timeout=TIMEOUT_S).values(),
        ]
        for answer in asked:
            answer.result(TIMEOUT_S)
    except (KafkaException, TimeoutError) as error:
        raise Complaint(f"Kafka's users cannot be made at {bootstrap}: {error}.") from error


def rights_of(service: str) -> Iterator[AclBinding]:
    """Write on `zone.<service>.…`, its dead letters among them; read what its handlers hear, as its group."""
    own = f"{group_of(service)}."
    yield _allowed(service, ResourceType.TOPIC, own, AclOperation.WRITE, ResourcePatternType.PREFIXED)
    handlers = assembled(service).handlers
    if handlers is not None:
        for topic in handlers.topics:
            yield _allowed(service, ResourceType.TOPIC, topic, AclOperation.READ)
        yield _allowed(service, ResourceType.GROUP, group_of(service), AclOperation.READ)


def _allowed(
    service: str,
    kind: ResourceType,
    name: str,
    what: AclOperation,
    pattern: ResourcePatternType = ResourcePatternType.LITERAL,
) -> AclBinding:
    return AclBinding(kind, name, pattern, f"User:{service}", "*", what, AclPermissionType.ALLOW)
