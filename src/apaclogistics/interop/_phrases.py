"""What carriers say in words, in English and Chinese, and what it means.

Where a feed has no codes, its texts are held against tables of phrases.  A text is cut into clauses
at punctuation; case, width, spacing and articles do not matter, and what stands in brackets is
mostly a name.  Two rules decide between phrases that a text holds:

* *Trouble goes first*: a failed attempt, a hold, a return; then the longest phrase goes, and of
  equally long ones what comes later on a journey.
* *A turned phrase says nothing*, nor does a shorter one within it.  Trouble is turned by a "not"
  or a "may" before it, or when it is called off.  What goes well is turned by any word in its
  clause that denies it, doubts it or puts it off: "not", "failed", "will be", "returned".  A false
  delivery costs more than one that is missed.

What no phrase fits means nothing: the reader keeps the scan, which then moves nothing.

>>> sense("快件已到达【北京转运中心】").milestone, sense("Delivered, left at the door").milestone
(<Milestone.TRANSIT_HUB: 'transit_hub'>, <Milestone.DELIVERED: 'delivered'>)
>>> sense("【杭州】未妥投, 收件人不在家")
Sense(milestone=<Milestone.ATTEMPT_FAILED: 'attempt_failed'>, incident=<Incident.NOT_HOME: 'not at home'>)
>>> sense("Your parcel will be delivered to the neighbour tomorrow")
Sense(milestone=None, incident=None)
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from apaclogistics.fulfilment import MEANING, Milestone
from apaclogistics.incidents import Incident
from apaclogistics.interop._incident_phrases import ITSELF, REASONS
from apaclogistics.interop._milestone_phrases import GOES_WELL, TROUBLE
from apaclogistics.interop._reading import Cursor

__all__ = ("NOTHING", "Sense", "coded", "joint", "normal", "sense", "understood")


@attrs.frozen
class Sense:
    """What a text means: a milestone, and the reason where it is trouble; or nothing."""

    milestone: Milestone | None = None
    incident: Incident | None = None


NOTHING: Final = Sense()

# Words that turn a phrase: shortly before any, around trouble, and around what goes well.
_PUTS_OFF: Final = frozenset("be can could may might must shall should".split())
_NOT: Final = frozenset(
    "not no never without neither nor if cannot cant couldnt didnt doesnt hasnt isnt wasnt wont "
    "havent unless".split()
)
_NOT_ZH: Final = ("未", "不", "没", "无", "非", "勿", "若", "如", "尚", "没有")
_CALLED_OFF: Final = frozenset("cancelled canceled lifted resolved".split())
_CALLED_OFF_ZH: Final = ("取消", "解除")
_TURNS: Final = _NOT | frozenset(
    "unable unsuccessful unsuccessfully fail failed fails failure exception error wrong incorrect "
    "refused rejected undelivered return returned returning will would expected estimated scheduled "
    "planned anticipated pending awaiting before until attempt attempted attempting soon".split()
)
_TURNS_ZH: Final = (
    "不成功 不能 即将 取消 失败 将于 将会 将在 将派 将送 尚未 异常 拒收 拒签 无法 未到 未妥 未完成 "
    "未成功 未签 未能 未送 没有 等待 退件 退回 退运 错误 预计 计划 如果"
).split()

# So much of a text is looked at; nobody says more in one scan.
_LOOKED_AT: Final = 300
_BRACKETED: Final = re.compile(r"[(\[{<【「『《][^)\]}>】」』》]*[)\]}>】」』》]")
_BREAK: Final = re.compile("[.,;:!?。、…]+| [-\u2013\u2014/|]+ ")
_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHE: Final = re.compile("['\u2019`]")
_SAME_WORD: Final[Mapping[str, str]] = {
    "a": "",
    "an": "",
    "the": "",
    "centre": "center",
    "neighbour": "neighbor",
}


@attrs.frozen
class _Clause:
    """A part of a text between punctuation: all its words, and those outside of brackets."""

    said: str
    plain: str


@attrs.frozen
class _Phrase:
    """A phrase of a table, and what it means."""

    text: str
    milestone: Milestone
    # English stands between spaces, Chinese needs none.
    needle: str = attrs.field()

    @needle.default
    def _needle(self) -> str:
        return f" {self.text} " if self.text.isascii() else self.text

    @property
    def is_trouble(self) -> bool:
        return self.milestone in TROUBLE

    @property
    def order(self) -> tuple[bool, int, int]:
        """Trouble first, then the longest, then what comes later on a journey."""
        return not self.is_trouble, -len(self.text), -_RANKS[self.milestone]

    def stands_in(self, clause: _Clause) -> bool:
        """Tell whether the clause says it, and does not turn it."""
        said, plain = (_around(text, self.text) for text in (clause.said, clause.plain))
        if said is None and plain is None:
            return False
        before, after = plain or (clause.plain, "")
        return not (_denies(before) or self._is_turned_by(f"{before} {after}"))

    def _is_turned_by(self, around: str) -> bool:
        if self.is_trouble:
            return _holds(around, _CALLED_OFF, _CALLED_OFF_ZH)
        return _holds(around, _TURNS, _TURNS_ZH)


_RANKS: Final = {milestone: rank for rank, milestone in enumerate(Milestone)}
_PHRASES: Final = sorted(
    (
        _Phrase(text, milestone)
        for table in (GOES_WELL, TROUBLE)
        for milestone, texts in table.items()
        for text in texts
    ),
    key=lambda phrase: phrase.order,
)


def sense(text: str) -> Sense:
    """Give what a text means; the order of the tables and of its clauses does not matter."""
    clauses = _clauses(text)
    words = "".join(f" {clause.said} {clause.plain} " for clause in clauses)
    spaced_and_close = f"{words}\n{words.replace(' ', '')}"
    turned: list[str] = []
    for phrase in (it for it in _PHRASES if it.needle in spaced_and_close):
        if any(phrase.text in longer for longer in turned):
            continue
        if any(map(phrase.stands_in, clauses)):
            reason = _reason(words, phrase.milestone) if phrase.is_trouble else None
            return Sense(phrase.milestone, reason)
        turned.append(phrase.text)
    return NOTHING


def joint(senses: Iterable[Sense]) -> Sense | None:
    """Give what several texts of one scan mean together, or None where they contradict each other.

    One that means nothing, or says no more than "in transit", yields to another.
    """
    known = [it for it in senses if it.milestone is not None]
    finer = [it for it in known if it.milestone and not MEANING[it.milestone].is_coarse] or known
    if len({it.milestone for it in finer}) > 1:
        return None
    # Of several reasons the first by name, so that the order of the texts does not matter.
    return min(finer, key=_reason_order, default=NOTHING)


def understood(scan: Cursor, senses: Iterable[Sense]) -> Sense:
    """Give what the texts of a scan mean together; where that is nothing, warn."""
    together = joint(senses)
    if together is None:
        scan.doubt("two_meanings", "its words contradict each other; it moves nothing")
        return NOTHING
    if together.milestone is None:
        scan.doubt("unknown_words", "its words are in no table; it moves nothing")
    return together


def coded(scan: Cursor, stated: Sense, texts: Iterable[str]) -> Sense:
    """Give what a code means, and where it says little, what it means with the texts beside it."""
    if stated.milestone is not None and not MEANING[stated.milestone].is_coarse:
        return stated
    return understood(scan, (stated, *map(sense, texts)))


def _reason_order(it: Sense) -> tuple[bool, str]:
    return it.incident is None, it.incident.name if it.incident else ""


def normal(text: str) -> str:
    """Give a text in the form in which labels are compared: width, case and spacing do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text[:_LOOKED_AT]).casefold().split())


def _clauses(text: str) -> tuple[_Clause, ...]:
    # What was cut off has no end, and a break within brackets parts no clause.
    shown = normal(text) + (" and so on" if len(text) > _LOOKED_AT else "")
    whole = _BRACKETED.sub(lambda found: _BREAK.sub(" ", found[0]), shown)
    return tuple(_clause(part) for part in _BREAK.split(whole) if part.strip())


def _clause(part: str) -> _Clause:
    plain = _BRACKETED.sub(" ", part)
    said = _words(part)
    return _Clause(said, said if plain == part else _words(plain))


def _words(text: str) -> str:
    words = _WORD.findall(_APOSTROPHE.sub("", text))
    return " ".join(("^", *filter(None, (_SAME_WORD.get(word, word) for word in words)), "$"))


def _around(clause: str, phrase: str) -> tuple[str, str] | None:
    """Give what stands before and after a phrase; Chinese ones need no space around them."""
    if phrase.isascii():
        before, found, after = f" {clause} ".partition(f" {phrase} ")
    else:
        before, found, after = clause.replace(" ", "").partition(phrase)
    return (before, after) if found else None


def _denies(before: str) -> bool:
    """Tell whether the last words before a phrase deny it."""
    last = before.split()[-3:]
    return not (_NOT | _PUTS_OFF).isdisjoint(last) or before.replace(" ", "").endswith(_NOT_ZH)


def _holds(text: str, words: frozenset[str], parts: Iterable[str]) -> bool:
    close = text.replace(" ", "")
    return not words.isdisjoint(text.split()) or any(part in close for part in parts)


def _reason(text: str, milestone: Milestone) -> Incident | None:
    given = (it for it, phrases in REASONS.items() for p in phrases if _around(text, p))
    return next(given, ITSELF.get(milestone))
