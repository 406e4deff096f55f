"""Recovery of the zone's secrets: from the files for containers where those hold them, else by new ones."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from deploy.complaint import Complaint
from deploy.machine.secret_files import event_key_files
from deploy.machine.zone_folder import ZoneFolder
from deploy.machine.zone_secrets import (
    ALL,
    CURSOR_SECRET,
    EVENT_KEY,
    EVENT_KEYS,
    IDENTITY_PRIVATE_KEY,
    IDENTITY_PUBLIC_KEY,
    KEY_PEPPER,
    lacking,
    new_secrets,
    read_secrets,
    replace_secrets,
    secrets_in,
)
from deploy.services import WITH_GATEWAY
from gateway.settings import public_half
from services.chassis.settings import event_keys_in

REPLACEABLE: Final = frozenset({IDENTITY_PRIVATE_KEY, IDENTITY_PUBLIC_KEY})
"""What nothing depends on that outlives a start: by this pair processes know each other for a minute."""
COSTS: Final = {
    KEY_PEPPER: "no key that was issued is good: ./zone up makes the operator's, and the operator all others",
    CURSOR_SECRET: "a candidate who is known is taken for a new one, and lists that are being read begin again",
    EVENT_KEYS: "events that were published and not yet heard are parked as forged (docs/runbooks/records-forged.md)",
}
"""What it means that one is new, and what to do."""


def secrets_of(folder: ZoneFolder, say: Callable[[str], None]) -> dict[str, str]:
    """The secrets of a zone: made for a new one, whole again where that can be done without a loss.

    Args:
        say: told what was mended.

    Raises:
        Complaint: keys or events depend on what is lost, or the files cannot be used.
    """
    there, kept = read_secrets(folder.secrets), _kept_in(folder.secret_files)
    if not lacking(there) and _is_pair(there):
        return secrets_in(folder.secrets)
    if not there and not kept and not folder.has_data:
        return secrets_in(folder.secrets)
    found = _joined(kept, there)
    if lost := [name for name in lacking(found) if name not in REPLACEABLE]:
        raise Complaint(
            f"The zone's secrets {folder.secrets} lack {', '.join(lost)}, and what the zone keeps was written under "
            f"them: put the file back, or make new ones with ./zone init --new. Then {'; '.join(consequences(lost))}."
        )
    whole = _with_a_pair(found)
    replace_secrets(folder.secrets, whole)
    mended = ", ".join(name for name in ALL if whole[name] != there.get(name))
    say(f"the zone's secrets {folder.secrets} lacked {mended}: they are whole again, and nothing was lost")
    return secrets_in(folder.secrets)


def begin_anew(folder: ZoneFolder) -> list[str]:
    """New secrets in place of those that are lost, and of no others; the operator's key is gone with a lost pepper.

    Returns:
        The names of those that were lost.

    Raises:
        Complaint: nothing is lost, the zone runs, or the files cannot be used.
    """
    with folder.claimed() as ours:
        if not ours:
            raise Complaint("The zone runs, and its processes know the secrets that it has: stop it first.")
        found = _joined(_kept_in(folder.secret_files), read_secrets(folder.secrets))
        lost = lacking(found)
        if not lost:
            raise Complaint(f"The zone's secrets {folder.secrets} are whole: nothing was changed.")
        replace_secrets(folder.secrets, _with_a_pair(_joined(new_secrets(), found)))
        if KEY_PEPPER in lost:
            folder.operator_key.unlink(missing_ok=True)  # the next start makes one under the new pepper
        return lost


def _joined(first: Mapping[str, str], better: Mapping[str, str]) -> dict[str, str]:
    """The second, and what it lacks from the first; of the event keys each service's own."""
    keys, found = _event_keys(first) | _event_keys(better), {**first, **better}
    return found | ({EVENT_KEYS: json.dumps(keys)} if keys else {})


def consequences(lost: Iterable[str]) -> list[str]:
    """What it means that these are new, a sentence each; `lost` as `lacking` tells them."""
    told = " ".join(lost)
    return [cost for name, cost in COSTS.items() if name in told]


def _event_keys(found: Mapping[str, str]) -> dict[str, str | list[str]]:
    try:
        keys = event_keys_in(found.get(EVENT_KEYS, ""))
    except ValueError:
        return {}
    return {service: known[0] if len(known) == 1 else [*known] for service, known in keys.items()}


def _is_pair(found: Mapping[str, str]) -> bool:
    try:
        return public_half(found[IDENTITY_PRIVATE_KEY]) == found[IDENTITY_PUBLIC_KEY].rstrip("=")
    except ValueError:
        return False


def _with_a_pair(found: Mapping[str, str]) -> dict[str, str]:
    """The secrets that were found, with an identity pair whose halves belong together: a new one where they do not."""
    whole = dict(found)
    try:
        whole[IDENTITY_PUBLIC_KEY] = public_half(found.get(IDENTITY_PRIVATE_KEY, ""))
    except ValueError:
        new = new_secrets()
        whole |= {name: new[name] for name in (IDENTITY_PRIVATE_KEY, IDENTITY_PUBLIC_KEY)}
    return {name: whole[name] for name in ALL}


def _kept_in(folder: Path) -> dict[str, str]:
    """What the files for containers hold of the zone's secrets (`./zone init`)."""
    found = {name: text for name in ALL if (text := _text(folder / name))}
    keys: dict[str, str | list[str]] = {}
    for service in WITH_GATEWAY:
        files = event_key_files(service)
        if own := _text(folder / files[EVENT_KEY]):
            keys.setdefault(service, own)
        keys |= _event_keys({EVENT_KEYS: _text(folder / files[EVENT_KEYS]) or "{}"})  # with those from before a change
    in_order = {service: keys[service] for service in WITH_GATEWAY if service in keys}
    return found | ({EVENT_KEYS: json.dumps(in_order)} if in_order else {})


def _text(file: Path) -> str:
    try:
        return file.read_text().strip() if file.is_file() else ""
    except OSError as error:
        raise Complaint(f"The secret {file} cannot be read: {error.strerror}.") from error
