"""Record batches, whole and broken: what can be read is, and what cannot is told with its offsets and its bytes."""

import random
import struct
from collections.abc import Sequence

import pytest
from aiokafka.consumer import fetcher

from deploy.chaos.target.raw_batches import CRC_FROM, batch_of, packed, sealed
from services.chassis.kafka.batches import BROKEN_APART, HEADER, Batches
from services.chassis.kafka.compression import LARGEST_BATCH
from services.chassis.kafka.records import KEPT_BYTES, LARGEST_RECORD, Record

NAME = "synthetic-name"
CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
FIELDS = {"base offset": (0, ">q"), "attributes": (21, ">h"), "last delta": (23, ">i"), "count": (57, ">i")}


def record(number: int, *, name: str = "plain", value: bytes = b"v") -> Record:
    return Record("zone.test.plants", b"key", value, (("number", b"%d" % number), (name, b"x")))


def changed(batch: bytes, field: str, value: int) -> bytes:
    """A batch whose header says something else, under a checksum that is right."""
    at, kind = FIELDS[field]
    return sealed(batch[:at] + struct.pack(kind, value) + batch[at + struct.calcsize(kind) :])


def with_a_name_that_is_not_utf8(batch: bytes) -> bytes:
    return sealed(batch.replace(NAME.encode(), b"\xff" * len(NAME)))


def under(codec: int, batch: bytes) -> bytes:
    return packed(batch, codec) if codec else batch


def read(fetched: bytes) -> list[tuple[int, str]]:
    """Each record of a fetch: its offset, and its fault or nothing."""
    batches, found = Batches(fetched), []
    while batches.has_next():
        batch = batches.next_batch()
        found += [(each.offset, each.checksum or "") for each in batch]
        assert batch.next_offset > found[-1][0]
    return found


def offsets(found: Sequence[tuple[int, str]]) -> tuple[list[int], list[int]]:
    """Of what was read, and of what could not be."""
    return [at for at, fault in found if not fault], [at for at, fault in found if fault]


def test_the_reader_of_fetches_is_ours() -> None:
    assert fetcher.MemoryRecords is Batches


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_records_come_as_they_were_under_every_codec(codec: int) -> None:
    found = list(Batches(under(codec, batch_of(*map(record, range(50))))).next_batch())
    assert [each.offset for each in found] == list(range(50))
    assert [(each.key, each.value, tuple(each.headers)) for each in found[:1]] == [
        (b"key", b"v", (("number", b"0"), ("plain", b"x")))
    ]


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_a_name_that_is_not_utf8_costs_its_own_record_alone(codec: int) -> None:
    plain = [record(n, name=NAME if n in (3, 6) else "plain") for n in range(10)]
    batch = under(codec, with_a_name_that_is_not_utf8(batch_of(*plain)))
    assert offsets(read(batch)) == ([0, 1, 2, 4, 5, 7, 8, 9], [3, 6])


def test_a_wrong_checksum_costs_the_batch_and_not_those_beside_it() -> None:
    one, two, three = (batch_of(record(0), record(1)) for _ in range(3))
    two = changed(two, "base offset", 2)
    broken = two[:-1] + bytes([two[-1] ^ 1])
    found = read(one + broken + changed(three, "base offset", 4))
    assert offsets(found) == ([0, 1, 4, 5], [3])
    assert found[2][1] == "the record batch cannot be read: its checksum (CRC-32C) is wrong, at offsets 2 to 3"


def test_a_codec_that_nobody_knows_is_told() -> None:
    ((at, fault),) = read(changed(batch_of(record(0), record(1)), "attributes", 6))
    assert (at, "its codec, number 6, is not known" in fault) == (1, True)


def test_a_format_that_nobody_writes_any_more_is_told() -> None:
    batch = bytearray(batch_of(record(0)))
    batch[16] = 1
    ((at, fault),) = read(bytes(batch))
    assert (at, "its format is 1, not 2" in fault) == (0, True)


@pytest.mark.parametrize("codec", [1, 2, 3, 4])
def test_what_does_not_decompress_is_told(codec: int) -> None:
    ((_, fault),) = read(changed(batch_of(record(0)), "attributes", codec))
    assert "does not decompress" in fault


def test_a_small_batch_that_hides_a_large_one_is_not_unpacked() -> None:
    bomb = packed(batch_of(record(0))[: HEADER.size] + bytes(LARGEST_BATCH + 1), CODECS["zstd"])
    assert len(bomb) < 2_000
    ((_, fault),) = read(bomb)
    assert f"at most {LARGEST_BATCH} bytes" in fault


@pytest.mark.parametrize("count", [-1, 3, 2**31 - 1])
def test_more_records_than_offsets_are_none(count: int) -> None:
    ((at, fault),) = read(changed(batch_of(record(0), record(1)), "count", count))
    assert (at, f"it says to have {count} records on 2 offsets" in fault) == (1, True)


@pytest.mark.parametrize("strange", [7_000_000, -5])
def test_an_offset_outside_of_its_batch_is_not_believed(strange: int) -> None:
    batch = batch_of(record(0), record(1), record(2), at=[0, strange, 2])
    found = read(changed(batch, "last delta", 2))
    assert offsets(found) == ([0, 2], [1])
    assert f"its offset {strange} is not from 1 to 1" in found[1][1]


def test_a_compacted_batch_has_holes() -> None:
    assert offsets(read(changed(batch_of(record(0), record(1), at=[1, 5]), "last delta", 9))) == ([1, 5], [])


def test_where_lengths_do_not_add_up_the_rest_is_one() -> None:
    batch = batch_of(*map(record, range(4)))
    payload = bytearray(batch)
    size = (len(batch) - HEADER.size) // 4
    payload[HEADER.size + 2 * size] = 0x7F  # the third says to be longer than all that is left
    assert offsets(read(sealed(bytes(payload)))) == ([0, 1], [3])


def test_many_that_are_broken_are_few_in_the_end() -> None:
    many = [record(n, name=NAME) for n in range(10 * BROKEN_APART)]
    _, broken = offsets(read(with_a_name_that_is_not_utf8(batch_of(*many))))
    assert len(broken) == BROKEN_APART + 1
    assert broken[-1] == len(many) - 1


def test_no_more_than_a_part_of_the_bytes_is_kept() -> None:
    large = batch_of(record(0, value=bytes(2 * KEPT_BYTES)))
    (found,) = Batches(large[:-1] + b"\xff").next_batch()
    assert len(found.value) == KEPT_BYTES
    assert f"{KEPT_BYTES} of {len(large)} bytes are kept" in found.checksum


def test_of_a_record_that_is_too_large_the_first_bytes_are_kept() -> None:
    large = record(1, value=b"v" * LARGEST_RECORD)
    first, cut, last = Batches(batch_of(record(0), large, record(2))).next_batch()
    assert (cut.offset, cut.key, cut.value, cut.headers) == (1, None, b"v" * KEPT_BYTES, ())
    assert f"bytes, over {LARGEST_RECORD}" in (cut.checksum or "")
    assert (first.checksum, last.checksum) == (None, None)


def test_a_record_that_is_too_large_stops_no_other_of_a_batch_that_is_broken() -> None:
    large = record(1, value=b"v" * LARGEST_RECORD)
    broken = with_a_name_that_is_not_utf8(batch_of(record(0, name=NAME), large, record(2)))
    assert offsets(read(broken)) == ([2], [0, 1])


def test_a_batch_cut_short_behind_a_whole_one_is_left_for_the_next_fetch() -> None:
    batch = batch_of(record(0))
    assert offsets(read(batch + batch[:40])) == ([0], [])


@pytest.mark.parametrize("length", [12, 40, 70])
def test_a_first_batch_that_is_not_as_long_as_it_says_is_told(length: int) -> None:
    ((at, fault),) = read(batch_of(record(0))[:length])
    assert (at, "not as long as it says" in fault) == (0, True)


def test_whatever_stands_in_a_batch_its_reading_ends_and_goes_on_behind_it() -> None:
    for seed in range(300):
        chance = random.Random(seed)
        batch = bytearray(under(chance.choice([0, *CODECS.values()]), batch_of(*map(record, range(5)))))
        for _ in range(chance.randrange(1, 4)):
            batch[chance.randrange(CRC_FROM, len(batch))] = chance.randrange(256)
        whole = Batches(sealed(bytes(batch))).next_batch()
        found = [each.offset for each in whole]
        assert found == sorted(set(found)), seed
        assert all(0 <= at < whole.next_offset for at in found), seed
