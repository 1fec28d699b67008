"""Places and people: what identifies somebody is there to be used and never shown."""

import unicodedata

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaclogistics.errors import InvalidTypeError, InvalidValueError, masked
from apaclogistics.testing.strategies import parties, places
from apaclogistics.values.places import (
    PLAIN_FORMAT,
    Address,
    AddressLimits,
    Country,
    Destination,
    Facility,
    Party,
    Place,
    PlainFormat,
    has_postal_codes,
    postal_code_reason,
    read_country,
    zone_at,
)

NAME, COMPANY, STREET = "Aroha Ngata-Personal", "Personal Trading Ltd", "1 Personal Road, Flat 7"
PHONE, EMAIL = "+64 21 000 0000", "aroha@personal.example"
PERSONAL = (NAME, COMPANY, STREET, PHONE, EMAIL)

ADDRESS = Address(lines=(STREET,), city="Wellington", postal_code="6011", country="NZ")
PARTY = Party(name=NAME, company=COMPANY, phone=PHONE, email=EMAIL, address=ADDRESS)

# eDIS 1.1.0: name, company and three lines of street, 50 characters each, from CN or HK.
LIMITS = AddressLimits(
    line_characters=50,
    lines=3,
    countries=frozenset((Country("CN"), Country("HK"))),
    source="eDIS 1.1.0",
)


def lines() -> st.SearchStrategy[str]:
    """Give lines that fit on no label, whatever their normal form leaves of them."""
    return st.text(min_size=257, max_size=300).filter(lambda text: len(normal(text)) > 256)


def normal(text: str) -> str:
    """Give the form that texts are kept in: composed, and not blank at the ends."""
    return unicodedata.normalize("NFC", text.strip())


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


@pytest.mark.parametrize(
    ("code", "name"), [("HK", "Hong Kong"), ("GB", "United Kingdom"), ("AX", "Åland Islands")]
)
def test_a_country_has_a_name(code: str, name: str) -> None:
    """In English, as a label prints it."""
    assert Country(code).name == name


@pytest.mark.parametrize("text", ["GB", "gb", " Gb\n", "\u3000gb"])
def test_a_country_is_read_as_people_write_it(text: str) -> None:
    """White space and small letters need no warning."""
    assert read_country(text) == (Country("GB"), "")


@pytest.mark.parametrize(
    ("text", "code", "warning"),
    [
        ("UK", "GB", "'UK' is not assigned in ISO 3166-1 and is read as GB (United Kingdom)"),
        (" uk ", "GB", "'UK' is not assigned in ISO 3166-1 and is read as GB (United Kingdom)"),
        ("EL", "GR", "'EL' is not assigned in ISO 3166-1 and is read as GR (Greece)"),
    ],
)
def test_a_code_that_is_in_use_and_not_assigned_is_read_with_a_warning(
    text: str, code: str, warning: str
) -> None:
    """It is clear what is meant, and worth a word."""
    assert read_country(text) == (Country(code), warning)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("Hong Kong", "HK (Hong Kong)"),
        ("united kingdon", "GB (United Kingdom)"),
        ("HKG", "KG (Kyrgyzstan), HK (Hong Kong)"),
        ("\ufb01", "FI (Finland)"),
    ],
)
def test_a_name_is_no_code_but_leads_to_it(text: str, nearest: str) -> None:
    """The message says what to write; a ligature of f and i is no code either."""
    with pytest.raises(InvalidValueError) as caught:
        read_country(text)

    assert str(caught.value) == (
        f"country {text!r} is no country's code; "
        f"allowed: a code of ISO 3166-1, as in 'HK', nearest: {nearest}"
    )


@pytest.mark.parametrize("text", ["", "XQ", "EU", "\uff27\uff22", "x" * 10_000], ids=ascii)
def test_what_is_like_no_country_is_refused_all_the_same(text: str) -> None:
    """Wide letters are no code, and what is endless is not compared for ever."""
    with pytest.raises(InvalidValueError, match=r"a code of ISO 3166-1, as in 'HK'$"):
        read_country(text)


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


def test_texts_are_kept_in_one_normal_form() -> None:
    """Composed letters, and no white space at the ends; nothing inside is touched."""
    address = Address(
        lines=("\t1  rue de l'E\u0301cole ", "\uff11\u53f7"),
        city=" Sa\u0303o  Paulo\n",
        region="\u1100\u1161",
        postal_code=" 01000-000 ",
        country="BR",
    )
    party = Party(
        name=" Jose\u0301 ", company="\u3000C", phone=" 1 ", email=" e@x ", address=address
    )

    assert address.lines == ("1  rue de l'\u00c9cole", "\uff11\u53f7")
    assert (address.city, address.region) == ("S\u00e3o  Paulo", "\uac00")
    assert address.postal_code == "01000-000"
    assert (party.name, party.company) == ("Jos\u00e9", "C")
    assert (party.phone, party.email) == ("1", "e@x")
    assert Destination(country="BR", postal_code=" 01000-000\n", zone_name="UTC").postal_code == (
        "01000-000"
    )


def test_an_empty_line_stays_where_it_is() -> None:
    """Nothing is dropped without a word."""
    assert Address(lines=["", "a", " "], country="HK").lines == ("", "a", "")


def test_one_text_is_not_taken_for_many_lines() -> None:
    """Each of its letters would be a line."""
    with pytest.raises(InvalidTypeError) as caught:
        Address(lines="1 Road", country="HK")

    assert str(caught.value) == (
        "lines of an address is given as str; allowed: several, as in a list"
    )


@given(st.text(max_size=20), st.text(max_size=3))
def test_the_normal_form_of_a_text_is_its_own_normal_form(text: str, blank: str) -> None:
    """So an address that was stored and read again is the same address."""
    try:
        destination = Address(lines=(text + " " * len(blank),), country="HK")
    except InvalidValueError:
        return

    assert Address(lines=destination.lines, country="HK") == destination
    assert destination.lines == (normal(text),)


@pytest.mark.parametrize(
    "text",
    ["a\nb", "a\rb", "a\tb", "a\x00b", "a\x85b", "a\x9fb", "a\u2028b", "a\u2029b"],
    ids=ascii,
)
@pytest.mark.parametrize("field", ["lines", "city", "region", "postal_code"])
def test_a_line_of_an_address_is_one_line(field: str, text: str) -> None:
    """What breaks a line would put a line on the label that nobody sees here."""
    texts = {"city": "", "region": "", "postal_code": "", field: text}
    lines = (texts.pop("lines"),) if field == "lines" else ()

    with pytest.raises(InvalidValueError) as caught:
        Address(lines=lines, **texts, country="NZ")

    assert str(caught.value) == (
        "address (hidden) holds a line break or another control character; "
        "allowed: what can be printed on one line"
    )


@pytest.mark.parametrize("field", ["name", "company", "phone", "email"])
def test_a_field_of_a_party_is_one_line(field: str) -> None:
    """And the message does not show it."""
    with pytest.raises(InvalidValueError, match=r"^party \(hidden\) holds a line break"):
        Party(address=ADDRESS, **{field: "a\nb"})


@pytest.mark.parametrize(
    "text",
    ["\u738b\u5c0f\u660e", "\u0645\u06cc\u200c\u062e", "A \U0001f3e0", "a\u00a0b"],
    ids=ascii,
)
def test_any_script_fits_on_a_line(text: str) -> None:
    """Joiners and unusual blanks are part of it."""
    assert Address(lines=(text,), country="CN").lines == (text,)


def test_characters_are_counted_in_the_normal_form() -> None:
    """Code points, however many bytes or keys they took."""
    composed = Address(lines=("e\u0301" * 256,), country="FR")
    blanks = Address(lines=(" " * 5000 + "x",), country="FR")

    assert composed.lines == ("\u00e9" * 256,)
    assert blanks.lines == ("x",)
    for text in ("e\u0301" * 257, "e\u0301" * 5000, "\u0958" * 129, "x" * 257):
        with pytest.raises(InvalidValueError, match="is too long"):
            Address(lines=(text,), country="FR")


@pytest.mark.parametrize(
    ("country", "text", "code", "said"),
    [
        (
            "JP",
            "1500",
            "postal_code_malformed",
            "postal code '1500' has not the shape of JP's; allowed: nnn-nnnn (n is a digit)",
        ),
        (
            "IE",
            "D02",
            "postal_code_malformed",
            (
                "postal code 'D02' has not the shape of IE's; allowed: ann xxxx, D6W xxxx "
                "(n is a digit, a is a letter, x is a letter or digit)"
            ),
        ),
        (
            "US",
            "ABC\n",
            "postal_code_malformed",
            (
                "postal code 'ABC\\n' has not the shape of US's; allowed: nnnnn[-nnnn] "
                "(n is a digit, [] may be left out)"
            ),
        ),
        (
            "VA",
            "00121",
            "postal_code_malformed",
            "postal code '00121' has not the shape of VA's; allowed: 00120",
        ),
        (
            "HK",
            "999077",
            "postal_code_unexpected",
            "postal code '999077' is given, and HK has none; allowed: an empty one",
        ),
        (
            "MO",
            "000",
            "postal_code_unexpected",
            "postal code '000' is given, and MO has none; allowed: an empty one",
        ),
        (
            "JP",
            " ",
            "postal_code_missing",
            "postal code '' is empty, and JP needs one; allowed: nnn-nnnn (n is a digit)",
        ),
    ],
)
def test_what_is_wrong_with_a_postal_code_is_said(
    country: str, text: str, code: str, said: str
) -> None:
    """With the code, the country, and what would be right."""
    reason = postal_code_reason(Country(country), text)

    assert reason is not None
    assert (reason.code, reason.text) == (code, said)


@pytest.mark.parametrize(
    ("country", "text"),
    [("JP", "1500002"), ("GB", "sw1a 1aa"), ("HK", ""), ("HK", " "), ("CL", ""), ("IE", "")],
)
def test_a_postal_code_that_is_right_or_not_needed_gives_no_reason(country: str, text: str) -> None:
    """Many countries have codes and do without."""
    assert postal_code_reason(Country(country), text) is None


def test_a_long_text_is_not_repeated_in_full() -> None:
    """It may be anything, even a street in the wrong field."""
    reason = postal_code_reason(Country("HK"), "9" * 100_000)

    assert reason is not None
    assert len(reason.text) < 100


def test_some_countries_have_postal_codes_and_some_have_none() -> None:
    """Hong Kong and Macao have none."""
    assert has_postal_codes(Country("CN"))
    assert not has_postal_codes(Country("HK"))
    assert not has_postal_codes(Country("MO"))


def test_a_party_within_the_limits_gives_no_reason() -> None:
    """Fifty characters are as many as fit, whatever their script; empty lines do not count."""
    address = Address(lines=("\u8def" * 50, "", "b", "c"), country="HK")
    party = Party(name="n" * 50, company="c" * 50, email="e" * 60, address=address)

    assert LIMITS.against(party) == ()


def test_every_limit_that_is_broken_is_named_and_nobody_is() -> None:
    """The field, the count and the limit; no text."""
    address = Address(lines=(STREET, "\u8def" * 51, "b", "c"), country="NZ")
    party = Party(name=NAME * 3, company="c" * 51, address=address)

    reasons = LIMITS.against(party)

    assert [(reason.code, reason.text) for reason in reasons] == [
        ("address_text_too_long", "name has 60 characters; allowed: 50 (eDIS 1.1.0)"),
        ("address_text_too_long", "company has 51 characters; allowed: 50 (eDIS 1.1.0)"),
        (
            "address_text_too_long",
            "line 2 of the address has 51 characters; allowed: 50 (eDIS 1.1.0)",
        ),
        ("address_lines_too_many", "the address has 4 lines; allowed: 3 (eDIS 1.1.0)"),
        (
            "address_country_refused",
            "country NZ is not accepted; allowed: CN, HK (eDIS 1.1.0)",
        ),
    ]


def test_limits_without_countries_accept_any() -> None:
    """Most carriers deliver nearly everywhere."""
    limits = AddressLimits(line_characters=256, lines=1, source="our example")

    assert limits.against(PARTY) == ()


def test_the_countries_that_are_accepted_are_told_by_their_code() -> None:
    """So the same refusal reads the same every time."""
    codes = ["AU", "CN", "DE", "HK", "JP", "TW", "US"]
    limits = attrs.evolve(LIMITS, lines=256, countries=frozenset(map(Country, codes)))

    *_, reason = limits.against(PARTY)

    assert f"allowed: {', '.join(codes)}" in reason.text


@pytest.mark.parametrize(("characters", "lines"), [(0, 1), (257, 1), (1, 0), (1, 257)])
def test_limits_leave_room_for_something(characters: int, lines: int) -> None:
    """And are no wider than an address itself."""
    with pytest.raises(InvalidValueError, match="is out of range; allowed: 1 to 256"):
        AddressLimits(line_characters=characters, lines=lines, source="our example")


def test_the_plain_format_prints_every_country_in_one_order() -> None:
    """From the person to the country, with the town in one line and none that is empty."""
    address = Address(
        lines=(STREET, "", "Suburb"), city="Sydney", region="NSW", postal_code="2000", country="AU"
    )

    assert PLAIN_FORMAT.label(Party(name=NAME, company=COMPANY, address=address)) == (
        NAME,
        COMPANY,
        STREET,
        "Suburb",
        "Sydney NSW 2000",
        "AUSTRALIA",
    )
    assert PLAIN_FORMAT.label(Party(address=Address(country="HK"))) == ("HONG KONG",)


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        (ADDRESS, []),
        (Address(country="HK"), []),
        (Address(country="NZ"), ["postal_code_missing"]),
        (Address(postal_code="601", country="NZ"), ["postal_code_malformed"]),
        (Address(postal_code="000", country="HK"), ["postal_code_unexpected"]),
    ],
    ids=str,
)
def test_the_plain_format_checks_postal_codes_only(address: Address, codes: list[str]) -> None:
    """It says so in its name."""
    assert [reason.code for reason in PLAIN_FORMAT.against(address)] == codes
    assert PlainFormat().name == PLAIN_FORMAT.name == "postal codes only"


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


HONG_KONG = Facility(Place(country="HK"), "Asia/Hong_Kong")


def test_a_place_is_within_another_that_says_less_and_nothing_else() -> None:
    depot = Place(country="US", city="Reno", facility="RNO1")

    assert depot.is_within(Place(country="us", city="reno"))
    assert depot.is_within(Place())
    assert not depot.is_within(Place(country="US", city="Davie"))
    assert not Place(country="US").is_within(depot)


def test_places_contradict_each_other_where_both_say_something_else() -> None:
    """Silence contradicts nothing."""
    depot = Place(country="US", city="Reno", facility="USRNO")

    assert not depot.contradicts(Place(country="us"))
    assert not depot.contradicts(Place())
    assert not Place(city="Reno").contradicts(Place(country="US"))
    assert depot.contradicts(Place(city="Davie"))
    assert Place(country="CN").contradicts(depot)


def test_the_clock_of_the_narrowest_facility_counts_in_whatever_order_they_come() -> None:
    reno = Facility(Place(country="US", city="Reno"), "America/Los_Angeles")
    country = Facility(Place(country="US"), "America/New_York")
    depot = Place(country="US", city="Reno", facility="RNO1")

    for known in ([reno, country, HONG_KONG], [HONG_KONG, country, reno]):
        assert zone_at(known, depot) == "America/Los_Angeles"
        assert zone_at(known, Place(country="US")) == "America/New_York"
        assert zone_at(known, Place(country="CA")) is None


def test_a_destination_is_in_a_zone_and_has_a_code_that_fits_on_a_label() -> None:
    """Or none, where nobody said."""
    there = Destination(country="HK", zone_name="Asia/Hong_Kong")

    assert (there.country, there.postal_code) == (Country("HK"), "")
    assert attrs.evolve(there, postal_code=" 999077 ").postal_code == "999077"
    with pytest.raises(InvalidValueError, match=r"postal code .* is too long"):
        attrs.evolve(there, postal_code="9" * 257)
    with pytest.raises(InvalidValueError, match="unknown"):
        attrs.evolve(there, zone_name="Asia/Kowloon")


def test_a_facility_is_somewhere_and_in_a_zone() -> None:
    with pytest.raises(InvalidValueError, match="nowhere"):
        Facility(Place(), "Asia/Hong_Kong")
    with pytest.raises(InvalidValueError, match="unknown"):
        Facility(Place(country="HK"), "Asia/Kowloon")
    with pytest.raises(InvalidTypeError):
        Facility("HK", "Asia/Hong_Kong")  # type: ignore[arg-type]
