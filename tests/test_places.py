"""Places and people: what identifies somebody is there to be used and never shown."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.errors import InvalidValueError
from apaclogistics.testing.strategies import parties, places
from apaclogistics.values.places import Address, Country, Party, Place, masked

NAME, COMPANY, STREET = "Aroha Ngata-Personal", "Personal Trading Ltd", "1 Personal Road, Flat 7"
PHONE, EMAIL = "+64 21 000 0000", "aroha@personal.example"
PERSONAL = (NAME, COMPANY, STREET, PHONE, EMAIL)

ADDRESS = Address(lines=(STREET,), city="Wellington", postal_code="6011", country="NZ")
PARTY = Party(name=NAME, company=COMPANY, phone=PHONE, email=EMAIL, address=ADDRESS)


def lines() -> st.SearchStrategy[str]:
    """Give lines that fit on no label."""
    return st.text(min_size=257, max_size=300)


def with_other_personal_data(party: Party) -> Party:
    """Replace all that identifies somebody, where there is anything."""
    lines = ("another line",) if party.address.lines else ()
    return Party(
        name="another name" if party.name else "",
        company="another company" if party.company else "",
        phone="another phone" if party.phone else "",
        email="another e-mail" if party.email else "",
        address=attrs.evolve(party.address, lines=lines),
    )


@pytest.mark.parametrize("code", ["HK", "TW", "GB", "AX", "SS"])
def test_a_country_goes_by_its_iso_3166_code(code: str) -> None:
    """Territories with a code of their own included."""
    assert str(Country(code)) == code


@pytest.mark.parametrize("code", ["UK", "XX", "EU", "hk", "HKG", "", "H", "AN"])
def test_a_code_that_is_not_assigned_is_no_country(code: str) -> None:
    """Neither reserved, nor withdrawn, nor in small letters."""
    with pytest.raises(InvalidValueError, match=r"is not assigned in ISO 3166-1; .*'GB'"):
        Country(code)


def test_there_are_249_countries() -> None:
    """As many as ISO 3166-1 assigns; every pair of capital letters is tried."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    found = [code for code in (a + b for a in letters for b in letters) if is_country(code)]

    assert len(found) == 249


def is_country(code: str) -> bool:
    """Tell whether a code is assigned."""
    try:
        return Country(code).code == code
    except InvalidValueError:
        return False


def test_countries_sort_by_their_codes() -> None:
    """Tables list them so."""
    assert sorted([Country("US"), Country("HK")]) == [Country("HK"), Country("US")]


def test_an_address_needs_a_country_and_nothing_else() -> None:
    """Text and a country say the same."""
    assert Address(country="HK") == Address(country=Country("HK"))
    assert Address(country="HK").lines == ()


def test_an_address_is_kept_as_it_was_written() -> None:
    """Nothing is corrected, and all of it can be used."""
    assert (ADDRESS.lines, ADDRESS.city, ADDRESS.postal_code) == ((STREET,), "Wellington", "6011")
    assert (PARTY.name, PARTY.company, PARTY.phone, PARTY.email) == (NAME, COMPANY, PHONE, EMAIL)


@pytest.mark.parametrize("personal", PERSONAL)
def test_what_identifies_somebody_is_in_no_repr(personal: str) -> None:
    """Neither of the party nor of the address."""
    for shown in (repr(PARTY), repr(ADDRESS), str(PARTY), f"{[PARTY]}"):
        assert personal not in shown


def test_a_repr_shows_that_there_is_something_and_what_names_nobody() -> None:
    """City, postal code and country help to find a fault."""
    assert repr(PARTY) == (
        "Party(name=(hidden), company=(hidden), phone=(hidden), email=(hidden), "
        "address=Address(lines=(hidden), city='Wellington', region='', postal_code='6011', "
        "country=Country(code='NZ')))"
    )


def test_what_is_empty_is_shown_as_empty() -> None:
    """A missing name is no secret, and often the fault."""
    nobody = Party(address=Address(country="NZ"))

    assert repr(nobody).startswith("Party(name='', company='', phone='', email='', ")
    assert "lines=()" in repr(nobody)
    assert [masked(""), masked(()), masked("x"), masked(("x",))] == [
        "''",
        "()",
        "(hidden)",
        "(hidden)",
    ]


@given(parties())
def test_a_repr_does_not_depend_on_who_somebody_is(party: Party) -> None:
    """So names, companies, lines, phones and e-mail addresses cannot be in it."""
    somebody_else = with_other_personal_data(party)

    assert repr(party) == repr(somebody_else)


@pytest.mark.parametrize("field", ["name", "company", "phone", "email"])
@given(text=lines())
def test_an_error_about_a_party_does_not_show_who_somebody_is(field: str, text: str) -> None:
    """Not in the sentence, not in the fields, not in the representation."""
    with pytest.raises(InvalidValueError) as caught:
        Party(address=ADDRESS, **{field: text})

    assert str(caught.value) == "party (hidden) is too long; allowed: 256 characters a line"
    assert text not in f"{caught.value!r} {caught.value.args}"


@given(parts=st.lists(lines(), min_size=1, max_size=3))
def test_an_error_about_an_address_does_not_show_where_somebody_lives(parts: list[str]) -> None:
    """No line of it."""
    with pytest.raises(InvalidValueError) as caught:
        Address(lines=tuple(parts), country="NZ")

    assert str(caught.value) == "address (hidden) is too long; allowed: 256 characters a line"
    assert not any(part in f"{caught.value!r} {caught.value.args}" for part in parts)


@pytest.mark.parametrize("field", ["city", "region", "postal_code"])
def test_an_address_has_lines_that_fit_on_a_label(field: str) -> None:
    """256 characters and not one more; what was written is not repeated."""
    texts = {"city": "", "region": "", "postal_code": ""}

    longest = Address(lines=("x" * 256,), **texts | {field: "x" * 256}, country="NZ")
    with pytest.raises(InvalidValueError) as caught:
        Address(lines=(), **texts | {field: NAME * 20}, country="NZ")

    assert len(longest.lines[0]) == 256
    assert str(caught.value) == "address (hidden) is too long; allowed: 256 characters a line"
    assert NAME not in repr(caught.value)


def test_a_street_that_does_not_fit_is_not_repeated_either() -> None:
    """The error carries no part of it."""
    with pytest.raises(InvalidValueError) as caught:
        Address(lines=("x", STREET * 20), country="NZ")

    assert STREET not in f"{caught.value} {caught.value!r} {caught.value.args}"


def test_one_place_is_written_in_many_ways() -> None:
    """White space is single and letters are capitals."""
    place = Place(country="hk", city=" Hong \t Kong ", facility="Tsuen  Wan")

    assert place == Place(country="HK", city="HONG KONG", facility="TSUEN WAN")
    assert str(place) == "TSUEN WAN, HONG KONG, HK"
    assert hash(place) == hash(attrs.evolve(place, city="hong kong"))


def test_a_place_says_what_is_known_and_no_more() -> None:
    """Most feeds structure little."""
    assert str(Place()) == ""
    assert str(Place(country="us", facility="USJFKA")) == "USJFKA, US"
    assert sorted([Place(country="US"), Place()]) == [Place(), Place(country="US")]


@given(places())
def test_the_normal_form_of_a_place_is_its_own_normal_form(place: Place) -> None:
    """So a place that was stored and read again is the same place."""
    again = Place(country=place.country, city=place.city, facility=place.facility)

    assert again == place
    assert again.city == " ".join(place.city.split())
