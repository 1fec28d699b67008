"""A vocabulary is written by meanings and read by codes."""

import pytest

from apaclogistics.errors import InvalidValueError
from apaclogistics.interop._codes import meanings


def test_a_vocabulary_gives_a_meaning_for_each_code() -> None:
    """However many codes a meaning has."""
    assert meanings({1: "a b", 2: "c", 3: ""}) == {"a": 1, "b": 1, "c": 2}


def test_a_code_with_two_meanings_is_refused() -> None:
    """It would depend on the order of the table which one counts."""
    with pytest.raises(InvalidValueError, match="vocabulary 'b' has two meanings"):
        meanings({1: "a b", 2: "b"})
