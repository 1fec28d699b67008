"""Errors carry their facts as fields, say them in one sentence, and survive pickling."""

import pickle

import attrs
import pytest

import apaclogistics
from apaclogistics.errors import (
    ApacLogisticsError,
    CarrierError,
    CodecError,
    CodecErrors,
    ConflictError,
    Hidden,
    InvalidTypeError,
    InvalidValueError,
    NotFoundError,
    Reason,
    TransitionError,
)
from apaclogistics.lifecycle import ActorNotPermittedError, IllegalTransitionError, RefusedError

# The package re-exports every public error, so that all of them are defined by now.
LIBRARY = apaclogistics.__name__

# One value for each type of field that an error of the library has.
FACTS: dict[object, object] = {
    str: "some text",
    bool: True,
    int: 7,
    object: -3,
    tuple[str, ...]: ("confirm", "cancel"),
    tuple[Reason, ...]: (Reason("late", "it is too late"), Reason("poor", "there are no funds")),
}

FAMILIES = {
    ApacLogisticsError,
    CarrierError,
    CodecError,
    CodecErrors,
    ConflictError,
    InvalidTypeError,
    InvalidValueError,
    NotFoundError,
    TransitionError,
}


def subclasses(of: type[ApacLogisticsError]) -> set[type[ApacLogisticsError]]:
    """Give a class and all that inherit from it."""
    return {of}.union(*(subclasses(kind) for kind in of.__subclasses__()))


def all_errors() -> list[type[ApacLogisticsError]]:
    """List the library's own error classes by name."""
    ours = (it for it in subclasses(ApacLogisticsError) if it.__module__.startswith(LIBRARY))
    return sorted(ours, key=lambda kind: kind.__qualname__)


def example(kind: type[ApacLogisticsError]) -> ApacLogisticsError:
    """Make an error of a class from one value for each of its fields."""
    if issubclass(kind, CodecErrors):
        return kind.of([CodecError("$.a", "is missing"), CodecError("$.b", "is no text")])
    fields = attrs.fields(kind) if attrs.has(kind) else None
    if fields is None:
        return kind("what happened")
    return kind(*(FACTS[field.type] for field in fields))


def facts(error: Exception) -> object:
    """Give what an error knows, in a form that compares."""
    if isinstance(error, CodecErrors):
        return [facts(fault) for fault in error.exceptions]
    return error.args, vars(error)


def test_the_errors_of_every_family_are_found() -> None:
    """The tests below look at all of them, so none may be overlooked."""
    found = set(all_errors())

    assert found >= FAMILIES | {ActorNotPermittedError, IllegalTransitionError, RefusedError}


@pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.__name__)
def test_an_error_keeps_its_class_fields_and_sentence_when_pickled(
    kind: type[ApacLogisticsError],
) -> None:
    """Hosts send errors between processes."""
    error = example(kind)

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  made one line above

    assert type(copy) is kind
    assert str(copy) == str(error) != ""
    assert facts(copy) == facts(error)


@pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.__name__)
def test_an_error_has_a_code_that_hosts_can_branch_on(kind: type[ApacLogisticsError]) -> None:
    """A code is a word of small letters and underscores."""
    assert kind.code.replace("_", "").isalpha()
    assert kind.code == kind.code.lower()


@pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.__name__)
def test_the_name_of_an_error_says_that_it_is_one(kind: type[ApacLogisticsError]) -> None:
    """All end in Error, the group in Errors."""
    assert kind.__name__.endswith("Errors" if kind is CodecErrors else "Error")


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (InvalidValueError, ValueError),
        (InvalidTypeError, TypeError),
        (NotFoundError, LookupError),
        (CodecError, ValueError),
        (CodecErrors, ExceptionGroup),
    ],
)
def test_an_error_can_be_caught_as_the_built_in_one_that_it_means(
    kind: type[ApacLogisticsError], builtin: type[Exception]
) -> None:
    """Code that knows nothing of this library can still answer its errors."""
    assert issubclass(kind, builtin)


def test_an_invalid_value_names_the_place_the_value_the_problem_and_what_is_allowed() -> None:
    """The sentence answers what, which, why, and what instead."""
    error = InvalidValueError("weight", -3, "is not above zero", "whole grams from 1")

    assert str(error) == "weight -3 is not above zero; allowed: whole grams from 1"
    assert (error.what, error.value, error.problem) == ("weight", -3, "is not above zero")
    assert error.allowed == "whole grams from 1"


def test_an_invalid_value_need_not_say_what_is_allowed() -> None:
    """Sometimes the problem says it all."""
    error = InvalidValueError("amount", "x", "is beyond any amount of money")

    assert str(error) == "amount 'x' is beyond any amount of money"


@pytest.mark.parametrize("value", ["x" * 10_000, 10**4000, [0] * 10_000, {"a": "b" * 10_000}])
def test_a_message_stays_short_however_long_the_value_is(value: object) -> None:
    """A log line is no place for somebody's ten thousand characters."""
    error = InvalidValueError("text", value, "is too long")

    assert len(str(error)) < 200
    assert error.value is value


def test_personal_data_is_named_and_not_shown() -> None:
    """What stands in its place is the same for everybody."""
    error = InvalidValueError("party", Hidden(), "is too long")

    assert str(error) == "party (hidden) is too long"
    assert Hidden() == Hidden()


def test_an_invalid_type_names_the_type_that_was_given_and_those_that_may_be() -> None:
    """The value itself is left out: its type is the problem."""
    error = InvalidTypeError("amount of money", "float", "text, Decimal or int")

    assert str(error) == "amount of money is given as float; allowed: text, Decimal or int"


def test_what_is_not_found_is_named_by_kind_and_key() -> None:
    """A host can answer 404 with it."""
    error = NotFoundError("order", "o-1")

    assert str(error) == "no order is stored under 'o-1'"
    assert (error.kind, error.key) == ("order", "o-1")


def test_what_is_misspelt_is_told_what_comes_nearest() -> None:
    """Among what is known, in capitals or not.  Nothing is like the rest, and a long key is not compared for ever."""
    near = NotFoundError.among("parcel", "p1", ["P-1", "box"])
    far = NotFoundError.among("parcel", "zzz" * 10**6, ["p-1", "box"])

    assert str(near) == "no parcel is stored under 'p1'; nearest: P-1"
    assert near.nearest == ("P-1",)
    assert far.nearest == ()


def test_a_reason_is_a_code_for_programs_and_a_sentence_for_people() -> None:
    """Its text is the sentence."""
    reason = Reason("quote_expired", "the quote has expired")

    assert str(reason) == "the quote has expired"
    assert reason.code == "quote_expired"


def test_a_fault_of_a_document_leads_with_its_path() -> None:
    """Editors and people look for the place first."""
    fault = CodecError("$.parcels[0].weight", "is no whole number")

    assert str(fault) == "$.parcels[0].weight: is no whole number"


def test_all_faults_of_a_document_are_reported_at_once_one_a_line() -> None:
    """One bad field does not hide the next."""
    faults = [CodecError("$.a", "is missing"), CodecError("$.b", "is no text")]

    error = CodecErrors.of(faults)

    assert str(error) == "$.a: is missing\n$.b: is no text"
    assert error.message == "2 faults in the document"
    assert error.exceptions == tuple(faults)


def test_a_single_fault_is_counted_in_the_singular() -> None:
    """Small things matter in messages."""
    error = CodecErrors.of([CodecError("$", "is no object")])

    assert error.message == "1 fault in the document"


def test_a_group_of_no_faults_cannot_be_made() -> None:
    """A document without faults raises nothing."""
    with pytest.raises(ValueError, match="non-empty"):
        CodecErrors.of([])


def test_faults_stay_in_one_group_of_our_own_when_they_are_split() -> None:
    """`except*` and `split` use this."""
    error = CodecErrors.of([CodecError("$.a", "is missing"), CodecError("$.b", "is no text")])

    matching, rest = error.split(lambda fault: isinstance(fault, CodecError) and "a" in fault.path)

    assert isinstance(matching, CodecErrors)
    assert isinstance(rest, CodecErrors)
    assert (str(matching), str(rest)) == ("$.a: is missing", "$.b: is no text")


_TRIED = "close this shipment"


def test_a_refused_command_says_what_may_be_done_instead() -> None:
    """An empty list of alternatives is said in words, too."""
    some = TransitionError(
        "shipment",
        "BOOKED",
        "close",
        "seller s-1",
        ("hand_over", "cancel"),
        _TRIED,
        ("hand over", "cancel"),
    )
    none = TransitionError("shipment", "CLOSED", "close", "seller s-1", (), _TRIED, ())

    assert some.may_instead == "the seller may hand over or cancel now"
    assert none.may_instead == "the seller may do nothing now"


def test_a_message_can_be_read_even_of_an_int_too_long_to_print() -> None:
    """Python prints no int of more than 4,300 digits."""
    error = InvalidValueError("weight in grams", 10**5000, "is out of range")

    assert "is out of range" in str(error)
