"""What a matched time expression means: one small function for each `do` of the data files.

In: the numbers in the expression, the rule's options, the context.
Out: a `Meaning`, or None if the words are no date after all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from tocsin.read import dates_calendar as calendar

WEEK, WEDNESDAY, SATURDAY = timedelta(days=7), 2, 5
PRECISE_DAYS = 10  # codebook: up to a week or so is precision 2, up to a month 3


@dataclass(frozen=True, slots=True)
class Context:
    """What is known at one point of the text: publication, the last day with a month, the last day of any form."""

    published: date
    near: date | None = None
    near_at: int = 0
    last_day: date | None = None
    late_hour: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """The part of a Time that does not depend on where it stands."""

    day: date | None = None
    first: date | None = None
    last: date | None = None
    precision: Literal[1, 2, 3] | None = None
    offset_days: int | None = None

    @property
    def kind(self) -> Literal["day", "anchored", "vague"]:
        if self.day is not None:
            return "day"
        return "vague" if self.offset_days is None else "anchored"


Slots = Mapping[str, int]
Options = Mapping[str, Any]
Resolver = Callable[[Slots, Options, Context], Meaning | None]


def exactly(day: date | None) -> Meaning | None:
    return Meaning(day, day, day, 1) if day else None


def period(first: date, last: date, day: date | None = None) -> Meaning:
    """The middle of the days, or `day`; too long to date an event: vague."""
    length = (last - first).days + 1
    if length > 31:
        return Meaning(first=first, last=last)
    return Meaning(day or calendar.middle(first, last), first, last, 2 if length <= PRECISE_DAYS else 3)


def on_date(slots: Slots, options: Options, context: Context) -> Meaning | None:
    """A day of a month, with whatever is given of day name, month and year."""
    day, month, year, weekday = slots["day"], slots.get("month"), slots.get("year"), slots.get("weekday")
    if month and year:
        return exactly(calendar.make(year if year > 99 else 2000 + year, month, day))
    if month:
        return exactly(calendar.day_month(month, day, weekday, context.published, context.near))
    if weekday is not None:
        return exactly(calendar.weekday_number(weekday, day, context.published, context.near))
    found = calendar.day_number(day, context.published, context.near)
    if found and options.get("about"):
        return Meaning(found, found - timedelta(days=2), found + timedelta(days=2), 2)
    return exactly(found)


def on_feast(slots: Slots, options: Options, context: Context) -> Meaning | None:
    """A feast with a fixed day, given by the rule."""
    return on_date({**slots, "month": options["month"], "day": options["day"]}, options, context)


def on_range(slots: Slots, options: Options, context: Context) -> Meaning | None:
    """From one day to another."""
    last = on_date(_second(slots), options, context)
    if last is None or last.day is None:
        return None
    month = slots.get("month", slots.get("month2", last.day.month))
    year = slots.get("year", last.day.year - (month > last.day.month))
    first = calendar.make(year, month, slots["day"])
    if first and first > last.day and "month" not in slots and "month2" not in slots:
        before = calendar.shift_month(last.day, -1)
        first = calendar.make(before.year, before.month, slots["day"])
    return period(first, last.day) if first and first < last.day else None


def _second(slots: Slots) -> dict[str, int]:
    """The slots of the second of two days; what it lacks, such as the month, is that of the first."""
    own = {name[:-1]: value for name, value in slots.items() if name.endswith("2")}
    return {name: value for name, value in slots.items() if name in ("month", "year")} | own


def on_weekdays(slots: Slots, options: Options, context: Context) -> Meaning | None:
    """From one day name to another."""
    last = calendar.last_weekday(slots["weekday2"], context.published)
    first = calendar.last_weekday(slots["weekday"], last, strict=True)
    return period(first, last)


def on_weekday(slots: Slots, options: Options, context: Context) -> Meaning | None:
    """A day name alone: the last one up to publication; `week` -1 last, 1 next, `count` from the text's last day."""
    weekday, today = slots["weekday"], context.published
    match options.get("which", "latest"):
        case "last":
            return exactly(calendar.last_weekday(weekday, today, strict=True))
        case "next":
            return exactly(calendar.next_weekday(weekday, today))
        case "following":
            return exactly(calendar.next_weekday(weekday, context.last_day)) if context.last_day else None
        case "previous":
            anchor = context.last_day or today
            return exactly(calendar.last_weekday(weekday, anchor, strict=True))
        case "week":
            monday = today - timedelta(days=today.weekday()) + options["weeks"] * WEEK
            return exactly(monday + timedelta(days=weekday))
        case "the" if context.near and context.near < today - WEEK:
            return exactly(calendar.next_weekday(weekday, context.near - timedelta(days=1)))
        case "before":
            return exactly(calendar.last_weekday(weekday, today, strict=True) - WEEK)
    return exactly(calendar.last_weekday(weekday, today))


def on_night(slots: Slots, options: Options, context: Context) -> Meaning | None:
    """The night between two days: the later one, unless an hour before midnight stands beside it."""
    second = _second(slots)
    if "weekday" in slots and "weekday" in second and (second["weekday"] - slots["weekday"]) % 7 != 1:
        return None
    if "day" in second:
        found = on_date(second, options, context)
    elif "weekday" in second:
        found = exactly(calendar.last_weekday(second["weekday"], context.published))
    else:
        found = None
    if found is None or found.day is None:
        return None
    eve = found.day - timedelta(days=1)
    return Meaning(eve if context.late_hour else found.day, eve, found.day, 1)


def in_last_night(slots: Slots, options: Options, context: Context) -> Meaning:
    """The night before publication: that of the day of publication, with a late hour the evening before."""
    eve = context.published - timedelta(days=1)
    return Meaning(eve if context.late_hour or options.get("late") else context.published, eve, context.published, 1)


def from_today(slots: Slots, options: Options, context: Context) -> Meaning | None:
    """Today, yesterday: `offset` days from publication."""
    return exactly(context.published + timedelta(days=options["offset"]))


def some_time_ago(slots: Slots, options: Options, context: Context) -> Meaning:
    """A number of days, weeks, months or years before publication."""
    count, unit, fuzzy = _amount(slots)
    day = context.published - timedelta(days=_days(count, unit))
    if unit >= 30:
        wide = timedelta(days=unit // 2)
        return Meaning(first=day - wide, last=day + wide)
    if unit == 0 or (not fuzzy and (unit == 1 or count == 1)):
        return Meaning(day, day, day, 1)
    wide = timedelta(days=2 if unit == 1 else 3 * min(count, 2))
    return Meaning(day, day - wide, min(day + wide, context.published), 3 if fuzzy and unit == 7 else 2)


def _amount(slots: Slots) -> tuple[int, int, bool]:
    """How many, the days of the unit (0: hours), and whether the number is only about right."""
    return slots.get("count", 1), slots["unit"], "fuzzy" in slots


def _days(count: int, unit: int) -> int:
    return round(count / 24) if unit == 0 and count >= 24 else count * unit


def in_past(slots: Slots, options: Options, context: Context) -> Meaning:
    """The past so many hours, days or weeks."""
    count, unit, _ = _amount({"unit": options.get("unit", 1), **slots})
    days = max(1, _days(count, unit))
    first = context.published - timedelta(days=days)
    if days == 1:
        return Meaning(context.published, first, context.published, 1)
    return period(first, context.published)


def in_week(slots: Slots, options: Options, context: Context) -> Meaning | None:
    """A week, by its Wednesday: of publication plus `weeks`, or the one that holds a date."""
    today, inside = context.published, context.published
    if "day" in slots:
        found = on_date(slots, options, context)
        if found is None or found.day is None:
            return None
        inside = found.day
    monday = inside - timedelta(days=inside.weekday()) + options.get("weeks", 0) * WEEK
    sunday = monday + timedelta(days=6)
    day = monday + timedelta(days=WEDNESDAY)
    if monday <= today <= sunday:
        day, sunday = min(day, today), today
    return Meaning(day, monday, sunday, 2)


def at_weekend(slots: Slots, options: Options, context: Context) -> Meaning | None:
    """A weekend, by its Saturday: the latest one begun, the one before, or the one that holds a date."""
    if "day" in slots:
        found = on_date(slots, options, context)
        if found is None or found.day is None:
            return None
        saturday = calendar.last_weekday(SATURDAY, found.day)
    elif options.get("which") == "next":
        saturday = calendar.next_weekday(SATURDAY, context.published)
    else:
        saturday = calendar.last_weekday(SATURDAY, context.published)
        if options.get("which") == "last" and context.published - saturday <= timedelta(days=1):
            saturday -= WEEK
    return Meaning(saturday, saturday, saturday + timedelta(days=1), 2)


def in_month(slots: Slots, options: Options, context: Context) -> Meaning | None:
    """A month or the `days` of it, coded as `day`: named, or `months` from publication, or the one last talked of."""
    low, high = options.get("days", [1, 31])
    if "month" in slots:
        year, month = _named_month(slots, options, context, low)
    elif "months" in options:
        moved = calendar.shift_month(context.published, options["months"])
        year, month = moved.year, moved.month
    else:
        spoken = context.near or context.published
        if calendar.clamp(spoken.year, spoken.month, low) > context.published:
            spoken = calendar.shift_month(spoken, -1)
        year, month = spoken.year, spoken.month
    first, last = calendar.clamp(year, month, low), calendar.clamp(year, month, high)
    day = calendar.clamp(year, month, options.get("day", 15))
    if first <= context.published < last:
        last = context.published
        day = min(day, last)
    return Meaning(day, first, last, options.get("precision", 3))


def _named_month(slots: Slots, options: Options, context: Context, low: int) -> tuple[int, int]:
    month, today = slots["month"], context.published
    if "year" in slots:
        return slots["year"], month
    if "years" in options:
        return today.year + options["years"], month
    if options.get("strict") and month == today.month:
        return today.year - 1, month
    if options.get("strict"):
        return today.year - (calendar.clamp(today.year, month, low) > today), month
    return calendar.latest_month(month, today, context.near, low)


def since_month(slots: Slots, options: Options, context: Context) -> Meaning:
    """A stretch that begins with a month and reaches publication."""
    year, month = _named_month(slots, options, context, 1)
    return Meaning(first=date(year, month, 1), last=context.published)


def anchored(slots: Slots, options: Options, context: Context) -> Meaning:
    """Days from another event: `offset`, or the number in the text times `sign`."""
    if "offset" in options:
        return Meaning(offset_days=options["offset"], precision=options.get("precision", 1))
    count, unit, fuzzy = _amount(slots)
    if unit >= 30:
        return Meaning()
    precise = not fuzzy and (unit <= 1 or count == 1)
    return Meaning(offset_days=options["sign"] * _days(count, unit), precision=1 if precise else 2)


def in_year(slots: Slots, options: Options, context: Context) -> Meaning:
    """A year, by number or `years` from publication, or the years up to a second one."""
    year = slots.get("year", context.published.year + options.get("years", 0))
    return Meaning(first=date(year, 1, 1), last=date(slots.get("year2", year), 12, 31))


def on_clock_line(slots: Slots, options: Options, context: Context) -> Meaning | None:
    """An hour that opens a line of a running report: the day the report talks of, else that of publication."""
    return exactly(context.near or context.published)


def vaguely(slots: Slots, options: Options, context: Context) -> Meaning:
    """A time that is longer than a month or has no place in the calendar."""
    return Meaning()


RESOLVERS: Mapping[str, Resolver] = {
    "date": on_date, "days": on_date, "range": on_range, "weekday": on_weekday, "weekdays": on_weekdays,
    "night": on_night, "last-night": in_last_night, "today": from_today, "ago": some_time_ago, "past": in_past,
    "week": in_week, "weekend": at_weekend, "month": in_month, "since-month": since_month,
    "anchored": anchored, "year": in_year, "vague": vaguely,
    "clock-line": on_clock_line, "feast": on_feast,
}  # fmt: skip
