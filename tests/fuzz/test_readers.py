"""Whatever is typed, and whatever a file holds: it is read, or refused in a sentence (B14, B29)."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
import readers
from hypothesis import given, settings
from hypothesis import strategies as st

ODD = (
    b"", b"\0", b"\n", b"\r", b"\t", b" ", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xc2\xa0",
    b"\xd9\xa3", b"\xef\xbb\xbf", b"\xff\xfe", b"-", b"+", b".", b",", b":", b";", b"/", b"%", b"#",
    b'"', b"'", b"'''", b"[", b"]", b"{", b"}", b"<", b"&#xD800;", b"\\", b"\\ud800", b"=", b"|",
    b"0", b"9" * 40, b"1e999", b"1_0", b"nan", b"inf", b"\xc2\xbd", b"-0", b"2026-02-30",
    b"0000-00-00", b"9999-12-31", b"2026-13", b"25:61", b"24:00", b"am", b"days ago",
    b"99999999999 days ago", b"99999h ago", b"1969-12-31T23:59:59Z", b"[" * 3000,
)  # fmt: skip


FOUND = [
    ("csv", b'Date\tMatter\tHours\tDescription\n"a"b\tc'),  # told with the tab as it was
]


def mutants(name: str) -> st.SearchStrategy[bytes]:
    """Samples with pieces cut out, doubled and put in, of their own words and of odd ones."""
    samples = readers.READERS[name].samples
    words = {word for each in samples for word in re.findall(rb"\w+|\W", each)}
    pieces = st.sampled_from((*ODD, *sorted(words)))
    edits = st.tuples(st.floats(0, 1), st.integers(0, 12), st.lists(pieces, max_size=4))

    def made(sample: bytes, changes: list[tuple[float, int, list[bytes]]]) -> bytes:
        for place, length, put in changes:
            at = int(place * len(sample))
            sample = sample[:at] + b"".join(put) + sample[at + length :]
        return sample

    return st.builds(made, st.sampled_from(samples), st.lists(edits, min_size=1, max_size=5))


@pytest.mark.parametrize("name", readers.READERS)
def test_every_sample_is_read(name: str) -> None:
    for sample in readers.READERS[name].samples:
        readers.fed(name, sample)
    assert not isinstance(readers.fed(name, readers.READERS[name].samples[0]), Exception)


@pytest.mark.parametrize("name", readers.READERS)
def test_a_reader_reads_or_says_in_a_sentence_why_not(name: str, torture: bool) -> None:
    # The whole firm file is slow to read, and has games of chance of its own.
    few = 8 if name == "firm" else 25

    @settings(max_examples=2_000 if torture else few, deadline=None, database=None)
    @given(mutants(name))
    def feed(content: bytes) -> None:
        readers.fed(name, content)

    feed()


@pytest.mark.parametrize(("name", "content"), FOUND)
def test_what_a_search_found_stays_mended(name: str, content: bytes) -> None:
    readers.fed(name, content)


def test_a_search_led_by_the_lines_it_reaches_finds_nothing(tmp_path: Path, torture: bool) -> None:
    if not torture or importlib.util.find_spec("atheris") is None:
        pytest.skip("part of `make torture`, where `pip install atheris` was done")
    found = []
    for name in readers.READERS:
        guided = [sys.executable, Path(readers.__file__).with_name("guided.py"), name]
        limits = ["-max_total_time=60", "-timeout=20", f"-artifact_prefix={tmp_path}/"]
        done = subprocess.run([*guided, *limits], capture_output=True, check=False, timeout=180)
        if done.returncode:
            found.append(f"{name}: {done.stderr[-2000:].decode('utf-8', 'replace')}")
    assert found == []
