"""The grammar of days: 今天, 下个月15号, 3月底, 下周三, 1 Mar 2026, in two weeks.

One rule for a day without a year, and for a weekday alone: the occurrence nearest to today, the coming one on a tie.
Not its job: limits, notes in the reader's words, JSON (`date`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from dialogs.kinds import numerals, words
from dialogs.kinds.calendar_days import (
    Day,
    day_in_month,
    day_in_month_away,
    day_of,
    days_away,
    months_away,
    one_of,
    undated,
)

_CHINESE = re.compile(r"(?<![周期拜])[零〇一二两三四五六七八九十廿卅]+")
_DATED = re.compile(r"[零〇一二两三四五六七八九]{4}(?=年)")
_SIGNS = {sign: str(value) for value, sign in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2"}


def arabic(text: str) -> str:
    """Chinese numbers as digits, except after 周, 星期 and 礼拜, where they name the day."""
    dated = _DATED.sub(lambda year: "".join(_SIGNS[sign] for sign in year[0]), text)
    return _CHINESE.sub(_digits, dated)


def _digits(found: re.Match[str]) -> str:
    number = numerals.value(found[0])
    return found[0] if number is None or len(found[0]) > 4 else f"{number:f}"


_CHINESE_END = {"底": 0, "末": 0, "初": 1, "中": 15, "中旬": 15}
_ENGLISH_END = {"end": 0, "early": 1, "beginning": 1, "start": 1, "mid": 15, "middle": 15}
_END = _CHINESE_END | _ENGLISH_END
_YEAR_WORDS = {"今年": 0, "本年": 0, "明年": 1, "后年": 2, "去年": -1, "旧年": -1, "上年": -1, "前年": -2}
_CHINESE_WHICH = {"这": 0, "今": 0, "本": 0, "当": 0, "下": 1, "下下": 2, "上": -1, "上上": -2}
_ENGLISH_WHICH = {"this": 0, "next": 1, "last": -1, "the": 0}
_MONTH_WORDS = _CHINESE_WHICH | _ENGLISH_WHICH
_YEAR = rf"(?P<year>{'|'.join(_YEAR_WORDS)}|民国[0-9]{{2,3}}年|[0-9]{{4}}年|[0-9]{{2}}年)"
_END_OR_DAY = r"(?:(?P<day>[0-9]{1,2})(?:日|号)?|(?P<end>底|末|初|中旬|中))?"


def _year(text: str | None, today: date) -> int | None:
    if text is None:
        return None
    if text in _YEAR_WORDS:
        return today.year + _YEAR_WORDS[text]
    digits = int(text.strip("民国年"))
    if text.startswith("民国"):
        return digits + 1911
    return digits + 2000 if digits < 100 else digits


def _iso(found: re.Match[str], today: date) -> Day:
    return Day(day=day_of(int(found[1]), int(found[2]), int(found[3])))


def _month_and_day(found: re.Match[str], today: date) -> Day:
    return undated(int(found[1]), int(found[2]), today)


def _year_and_month(found: re.Match[str], today: date) -> Day:
    return Day(day=day_of(int(found[1]), int(found[2]), 1), whole_month=True)


def _chinese(found: re.Match[str], today: date) -> Day:
    day = _END[found["end"]] if found["end"] else int(found["day"] or 1)
    whole = not found["end"] and not found["day"]
    if found["day"] and not day:
        return Day(day=None)
    if found["year"] is None:
        return undated(int(found["month"]), day, today, whole_month=whole)
    return Day(day=day_in_month(_year(found["year"], today), int(found["month"]), day, today), whole_month=whole)


def _month_named(found: re.Match[str], today: date) -> Day:
    """下个月15号, 上个月底, next month."""
    day = _END[found["end"]] if found["end"] else int(found["day"] or 1)
    wrong = bool(found["day"]) and day == 0
    if found["which"] == "" and found["end"]:
        return _of_this_month_first(day, today)
    shift = _MONTH_WORDS[found["which"] or "这"]
    return Day(
        day=None if wrong else day_in_month_away(today, shift, day), whole_month=not found["end"] and not found["day"]
    )


def _of_this_month_first(day: int, today: date) -> Day:
    """月底 is that of this month, unless the question looks the other way."""
    days = [found for shift in (-1, 0, 1) if (found := day_in_month_away(today, shift, day)) is not None]
    return Day(day=day_in_month_away(today, 0, day), among=tuple(days))


def _day_of_month(found: re.Match[str], today: date) -> Day:
    # No two months in a row are without a 30th or 31st, but February may be.
    days = [day for shift in range(-2, 3) if int(found[1]) and (day := day_in_month_away(today, shift, int(found[1])))]
    return one_of(days, today)


def _year_end(found: re.Match[str], today: date) -> Day:
    said = _year(found["year"], today)
    month, day = (1, 1) if _END[found["end"]] == 1 else (12, 31)
    this = day_of(said or today.year, month, day)
    years = () if said else (today.year - 1, today.year, today.year + 1)
    return Day(day=this, among=tuple(each for year in years if (each := day_of(year, month, day)) is not None))


def _english_year_end(found: re.Match[str], today: date) -> Day:
    year = today.year + _MONTH_WORDS[found["which"] or "this"]
    return Day(day=day_of(year, 1, 1) if _END[found["end"]] == 1 else day_of(year, 12, 31))


def _english(found: re.Match[str], today: date) -> Day:
    month = _english_months()[found["month"]]
    year = int(found["year"]) if found["year"] else None
    said = found["before"] or found["after"]
    day = _END[found["end"]] if found["end"] else int(said or 1)
    wrong = said is not None and day == 0
    whole = not said and not found["end"]
    if year is None and not wrong:
        return undated(month, day, today, whole_month=whole)
    return Day(day=None if wrong else day_in_month(year, month, day, today), whole_month=whole)


@cache
def _english_months() -> dict[str, int]:
    full = {name: number for number, name in enumerate(words.ordered("months"), 1)}
    return full | {name[:3]: number for name, number in full.items()} | {"sept": 9}


_UNIT_DAYS = {"天": 1, "日": 1, "day": 1, "周": 7, "星期": 7, "礼拜": 7, "week": 7}
_UNIT_MONTHS = {"月": 1, "month": 1, "年": 12, "year": 12}


def _away(found: re.Match[str], today: date) -> Day:
    """3天后, 半年前, in two weeks: counted from today; a month further is the same day or the month's last."""
    unit, sign = found["unit"], -1 if found["back"] else 1
    if found["count"] == "半":
        return Day(day={"年": months_away(today, sign * 6), "月": days_away(today, sign * 15)}.get(unit))
    count = sign * int(found["count"])
    if unit in _UNIT_DAYS:
        return Day(day=days_away(today, count * _UNIT_DAYS[unit]))
    return Day(day=months_away(today, count * _UNIT_MONTHS[unit]))


_WEEKDAY_SIGNS = {sign: place for place, sign in enumerate("一二三四五六日")} | {"天": 6}


def _weekday(found: re.Match[str], today: date) -> Day:
    name = found["weekday"]
    place = _WEEKDAY_SIGNS.get(name)
    if place is None:
        place = next(number for number, full in enumerate(words.ordered("weekdays")) if full.startswith(name[:3]))
    monday = today - timedelta(days=today.weekday())
    this_week = monday + timedelta(days=place)
    if found["which"]:
        return Day(day=this_week + timedelta(weeks=_MONTH_WORDS[found["which"]]))
    return one_of((this_week + timedelta(weeks=shift) for shift in (-1, 0, 1)), today)


_ENGLISH_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ENGLISH_WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_TH = r"(?:st|nd|rd|th)?"
_ENGLISH_DAY = (
    rf"(?:(?P<end>end|early|beginning|start|mid|middle)[ -]?(?:of )?)?(?:(?P<before>[0-9]{{1,2}}){_TH} ?(?:of )?)?"
    rf"{_ENGLISH_MONTH}\.?(?: ?(?P<after>[0-9]{{1,2}}){_TH}(?![0-9]))?(?:,? ?(?P<year>[0-9]{{4}}))?"
)
_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Day]], ...] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", _iso),
        (r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})", _iso),
        (r"([0-9]{4})[-/.]([0-9]{1,2})", _year_and_month),
        (r"([0-9]{1,2})[-/.]([0-9]{1,2})", _month_and_day),
        (rf"{_YEAR}?的?(?P<month>[0-9]{{1,2}})月(?:份)?{_END_OR_DAY}", _chinese),
        (rf"(?P<which>这|今|本|当|下下|下|上上|上)个?月(?:份)?的?{_END_OR_DAY}", _month_named),
        (r"(?P<which>)(?P<day>)月(?P<end>底|末|初|中旬|中)", _month_named),
        (r"([0-9]{1,2})(?:日|号|st|nd|rd|th)", _day_of_month),
        (rf"(?:{_YEAR}年?|年)的?(?P<end>底|末|初)", _year_end),
        (r"(?P<count>[0-9]{1,3}|半)个?(?P<unit>天|日|周|星期|礼拜|月|年)之?以?(?:后|(?P<back>前))", _away),
        (r"in (?P<count>[0-9]{1,3}) ?(?P<unit>day|week|month|year)s?(?P<back>)", _away),
        (r"(?P<count>[0-9]{1,3}) ?(?P<unit>day|week|month|year)s? (?:later|from now|(?P<back>ago))", _away),
        (r"(?P<which>下下|下|上上|上|这|今|本)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])", _weekday),
        (rf"(?:on )?(?:(?P<which>next|last|this) )?{_ENGLISH_WEEKDAY}", _weekday),
        (_ENGLISH_DAY, _english),
        (rf"(?P<which>this|next|last) month(?: (?:the )?(?P<day>[0-9]{{1,2}}){_TH})?(?P<end>)", _month_named),
        (rf"(?:the )?(?P<day>[0-9]{{1,2}}){_TH} (?:of )?(?P<which>this|next|last) month(?P<end>)", _month_named),
        (r"(?P<day>)(?P<end>end|beginning|start|middle) of (?P<which>the|this|next|last)? ?month", _month_named),
        (r"(?P<end>end|beginning|start) of (?P<which>the|this|next|last)? ?year", _english_year_end),
    )
)


def find(text: str, today: date) -> Day | None:
    """The day that the normalised text names; None where it names no day at all."""
    known = words.numbered("days").get(text)
    if known is not None:
        return Day(day=today + timedelta(days=known))
    read = arabic(text)
    for pattern, rule in _RULES:
        found = pattern.fullmatch(read)
        if found:
            return rule(found, today)
    return None
