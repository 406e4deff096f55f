"""The backup file: whole or not there, and never taken for whole where it is not."""

import fcntl
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import bson
import pytest

from deploy.backup.archive import MANIFEST, Content, Writer, reading, writing
from deploy.complaint import Complaint

DATABASES = {"registry": "zone_registry", "metrics": "zone_metrics"}
BUSINESSES = [bson.encode({"_id": f"biz_{number}", "name": "示例" * number}) for number in range(1, 200)]


def write(out: Writer) -> None:
    """Two collections, one of them empty."""
    out.collection("registry", "businesses", b"{}", BUSINESSES)
    out.collection("metrics", "buckets.g2", b'{"indexes": []}', [])
    out.end({"secrets": {}})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A whole one."""
    with writing(tmp_path / "zone.backup", DATABASES) as out:
        write(out)
    return tmp_path / "zone.backup"


def test_what_was_written_is_read_document_by_document(file: Path) -> None:
    with reading(file) as archive:
        archive.check()
        businesses, buckets = archive.members
        assert list(archive.documents(businesses)) == BUSINESSES
        assert (businesses.documents, businesses.bytes) == (len(BUSINESSES), len(b"".join(BUSINESSES)))
        assert list(archive.documents(buckets)) == []
        assert archive.metadata(buckets) == b'{"indexes": []}'


def test_any_unzip_finds_the_layout_of_mongodump_in_it(file: Path) -> None:
    with zipfile.ZipFile(file) as found:
        assert found.namelist() == [
            "zone_registry/businesses.bson",
            "zone_registry/businesses.metadata.json",
            "zone_metrics/buckets.g2.bson",
            "zone_metrics/buckets.g2.metadata.json",
            MANIFEST,
        ]


def test_nobody_else_may_read_it_and_nothing_is_left_beside_it(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_backup_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fails() -> None:
        with writing(tmp_path / "zone.backup", DATABASES) as out:
            out.collection("registry", "businesses", b"{}", BUSINESSES)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fails()
    assert list(tmp_path.iterdir()) == []


def test_one_without_a_manifest_is_never_renamed_to_its_name(tmp_path: Path) -> None:
    with pytest.raises(Complaint, match="no manifest"), writing(tmp_path / "zone.backup", DATABASES):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_one_left_behind_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "zone.backup.part").write_bytes(b"PK" * 100_000)
    with writing(tmp_path / "zone.backup", DATABASES) as out:
        write(out)
    with reading(tmp_path / "zone.backup") as archive:
        archive.check()


def test_one_that_is_there_is_never_replaced(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(Complaint, match="is there already"), writing(file, DATABASES):
        pytest.fail("it began")
    assert file.read_bytes() == before


def test_two_at_once_do_not_write_one_file(tmp_path: Path) -> None:
    with (tmp_path / "zone.backup.part").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(Complaint, match="Another backup"), writing(tmp_path / "zone.backup", DATABASES):
            pytest.fail("it began")


def a_byte_flipped(at: float) -> Callable[[bytes], bytes]:
    def flip(whole: bytes) -> bytes:
        place = int(len(whole) * at)
        return whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]

    return flip


def without_the_last_member(whole: bytes) -> bytes:
    return whole[: whole.index(MANIFEST.encode())]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda whole: b"",
    "half of it": lambda whole: whole[: len(whole) // 2],
    "all but the last byte": lambda whole: whole[:-1],
    "up to its manifest": without_the_last_member,
    **{f"a byte flipped at {at:.0%}": a_byte_flipped(at) for at in (0.1, 0.3, 0.5)},
    "something else": lambda whole: b"synthetic",
}


def readings(file: Path) -> Iterator[None]:
    with reading(file) as archive:
        archive.check()
        yield


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_one_that_is_damaged_is_refused(file: Path, damage: Callable[[bytes], bytes]) -> None:
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(Complaint, match="no whole backup"):
        list(readings(file))


def test_a_member_that_is_not_what_the_manifest_says_is_found(tmp_path: Path, file: Path) -> None:
    other = tmp_path / "other.backup"
    with zipfile.ZipFile(file) as found, zipfile.ZipFile(other, "w") as out:
        for name in found.namelist():
            out.writestr(name, found.read(name) if name == MANIFEST else b"".join(BUSINESSES[1:]))
    with pytest.raises(Complaint, match="businesses is not what the manifest says"):
        list(readings(other))


def test_the_content_of_a_collection_is_the_same_in_any_order() -> None:
    one, other, less = Content(), Content(), Content()
    for document in BUSINESSES:
        one.add(document)
    for document in reversed(BUSINESSES):
        other.add(document)
    for document in BUSINESSES[1:]:
        less.add(document)
    assert one.digest == other.digest
    assert one.digest != less.digest
