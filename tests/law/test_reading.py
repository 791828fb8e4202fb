"""Safe YAML: what is read, where it stands, and all that is refused."""

from __future__ import annotations

import string
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opensocle.law.model import Place
from opensocle.law.nodes import Findings, Node, plain_data
from opensocle.law.reading import MAX_BYTES, read_file, read_text


def read(text: str | bytes) -> tuple[Node | None, list[str]]:
    found = Findings()
    node = read_text(text, "f.yaml", found)
    return node, [str(problem) for problem in found.problems]


def good(text: str) -> Node:
    node, problems = read(text)
    assert node is not None
    assert not problems
    return node


def refusal(text: str | bytes) -> str:
    node, problems = read(text)
    assert node is None
    assert len(problems) == 1
    return problems[0]


def test_maps_lists_and_scalars_keep_their_places() -> None:
    node = good("a: 1\nb:\n  - x\n  - {c: 'y'}\n")
    assert plain_data(node) == {"a": "1", "b": ["x", {"c": "y"}]}
    assert node.key_place("b") == Place("f.yaml", 2, 1)
    assert node.map["b"].items[1].map["c"].place == Place("f.yaml", 4, 10)  # the first character inside the quotes


def test_a_plain_formula_stands_at_its_first_character_and_a_block_at_its_sign() -> None:
    node = good("f: age < 5\ng: |\n  age\n  < 5\nh: é = 'ü' and x\n")
    assert str(node.map["f"].place) == "f.yaml:1:4"
    assert node.map["f"].single_line
    assert str(node.map["g"].place) == "f.yaml:2:4"
    assert not node.map["g"].single_line
    assert str(node.map["h"].place) == "f.yaml:5:4"


def test_columns_count_characters_not_bytes() -> None:
    assert good("{é: 1, ü: 2}").key_place("ü") == Place("f.yaml", 1, 8)


def test_yaml_never_guesses_what_a_word_is() -> None:
    node = good("{a: NO, b: 010, c: 12:30, d: 1_000, e: 2024-01-01, f: yes, g: 1e3, h: ~, i: 'null', j: }")
    assert plain_data(node) == {
        "a": "NO",
        "b": "010",
        "c": "12:30",
        "d": "1_000",
        "e": "2024-01-01",
        "f": "yes",
        "g": "1e3",
        "h": None,
        "i": "null",
        "j": None,
    }


def test_an_empty_file_is_nothing_and_a_byte_order_mark_is_ignored() -> None:
    assert good("").is_null
    assert good("# only a comment\n").is_null
    assert plain_data(good("\ufeffa: 1")) == {"a": "1"}


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: &x 1\n", "L003", "1:4"),
        ("a: &x {b: 1}\nc: *x\n", "L003", "1:4"),
        ("a: *x\n", "L003", "1:4"),
        ("a: {<<: {b: 1}}\n", "L003", "1:5"),
        ("a: !!python/object/apply:os.system ['id']\n", "L003", "1:4"),
        ("a: !!python/object:x.Y {}\n", "L003", "1:4"),
        ("a: !!int '3'\n", "L003", "1:4"),
        ("a: ! b\n", "L003", "1:4"),
        ("!!map {a: 1}\n", "L003", "1:1"),
        ("? !!str a\n: 1\n", "L003", "1:3"),
        ("a: 1\n---\nb: 2\n", "L003", "2:1"),
        ("a: 1\nb: 2\na: 3\n", "L004", "3:1"),
        ("{a: 1, 'a': 2}", "L004", "1:8"),
        ("a: [1, 2\nb: 3", "L002", "2:2"),
        ("a: b: c", "L002", "1:5"),
        ("\ta: 1", "L002", "1:1"),
        ("[1, 2]: 3", "L002", "1:1"),
        ("? {a: 1}\n: 2", "L002", "1:3"),
        ("{: 1}", "L002", "1:2"),
        ("a: 'x\x00y'", "L001", "1:6"),
        ('a: "x\\0y"', "L001", "1:4"),
        ('a: "\\u202e"', "L001", "1:4"),
        ("a: 1\nb: \x1b[31m", "L001", "2:4"),
        ("a: \u202egnitfihs", "L001", "1:4"),
    ],
)
def test_what_is_no_plain_data_is_refused_with_its_place(text: str, code: str, place: str) -> None:
    assert refusal(text).startswith(f"f.yaml:{place}: {code} ")


def test_a_bomb_of_aliases_is_refused_before_it_grows() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    assert "an anchor (&a0) is not allowed" in refusal("\n".join(lines))


def test_deep_nesting_is_refused_at_the_limit_and_quickly() -> None:
    assert good("[" * 20 + "]" * 20)
    started = time.perf_counter()
    assert "L005" in refusal("[" * 21 + "]" * 21)
    assert "L005" in refusal("[" * 400_000)
    assert "L005" in refusal("{a: " * 100_000)
    assert "L005" in refusal("\n".join(" " * n + "a:" for n in range(1000)))
    assert time.perf_counter() - started < 5


def test_too_many_values_are_refused() -> None:
    assert "more than 100000 values" in refusal("[" + "1," * 100_001 + "]")


def test_a_text_over_a_megabyte_is_refused() -> None:
    assert "larger than 1 MB" in refusal("a" * (MAX_BYTES + 1))
    assert "larger than 1 MB" in refusal("é" * (MAX_BYTES // 2 + 1))


def test_a_file_of_five_megabytes_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "big.yaml"
    path.write_bytes(b"a" * 5_000_000)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(Path, "open", never)
    found = Findings()
    assert read_file(path, "big.yaml", found) is None
    assert "larger than 1 MB" in str(found.problems[0])


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("a: 1")
    inside = tmp_path / "country"
    inside.mkdir()
    (inside / "concepts.yaml").symlink_to(tmp_path / "secret.yaml")
    found = Findings()
    assert read_file(inside / "concepts.yaml", "concepts.yaml", found, inside=inside) is None
    assert "leaves the folder" in str(found.problems[0])


def test_a_folder_or_a_missing_file_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.yaml"):
        found = Findings()
        assert read_file(path, "x.yaml", found) is None
        assert found.problems[0].code == "L001"


def test_other_encodings_are_refused_with_the_place() -> None:
    assert refusal("a: 1\nb: é".encode("latin-1")).startswith("f.yaml:2:4: L001 the file is not UTF-8")
    assert "L001" in refusal("a: 1".encode("utf-16"))


ALPHABET = string.ascii_letters + string.digits + " \n:-{}[],'\"#&*!|>%@`?~<.\\é\u0085\u202e\x00\t"


@settings(deadline=None, max_examples=400)
@given(st.text(alphabet=ALPHABET, max_size=80))
def test_no_text_makes_the_reader_crash(text: str) -> None:
    node, problems = read(text)
    assert (node is None) == bool(problems)


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_make_the_reader_crash(data: bytes) -> None:
    node, problems = read(data)
    assert (node is None) == bool(problems)


PLAIN = st.recursive(
    st.text(alphabet=string.ascii_lowercase + "é '\":", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=5), inner, max_size=3),
    max_leaves=12,
)


@settings(deadline=None)
@given(PLAIN)
def test_what_is_written_as_json_is_read_back(data: object) -> None:
    import json

    assert plain_data(good(json.dumps(data))) == data
