"""Calendar arithmetic for time expressions: which day a day name, a day number or a month means.

Pure functions of dates. `until` is the last day that can be meant (publication, one day of slack for time zones).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

SLACK = timedelta(days=1)  # a report of the evening can carry the next day's date
SOON_DAYS = 21  # an announced "Saturday 3 December" beats the last one with that name and number
AHEAD_DAYS, BEHIND_DAYS = 60, 300  # "on 4 December" said in November is announced, not eleven months old
FAR_DAYS = 90  # a date this long before publication may belong to a year that the text has named


def make(year: int, month: int, day: int) -> date | None:
    """That day, None if the calendar has no such day."""
    if not (1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def clamp(year: int, month: int, day: int) -> date:
    """That day, or the last day of the month if the month is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def months_later(day: date, count: int) -> date:
    """The same day of a later, or earlier, month; its last day where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return clamp(min(max(year, date.min.year), date.max.year), month + 1, day.day)


def shift_month(day: date, months: int) -> date:
    """The first day of the month so many months on."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def day_month(month: int, day: int, weekday: int | None, published: date, near: date | None) -> date | None:
    """The latest such day up to publication; the day name or a year named before (`near`) can move it."""
    years = range(published.year + 1, published.year - 9, -1)
    days = [d for y in years if (d := make(y, month, day)) is not None]
    past = [d for d in days if d <= published + SLACK]
    if weekday is not None and (named := _agreeing(days, weekday, published)):
        return named
    latest = past[0] if past else None
    coming = min((d for d in days if d > published + SLACK), default=None)
    if weekday is None and latest and coming and _announced(latest, coming, published):
        return coming
    if near and latest and (published - latest).days > FAR_DAYS:
        return min(past, key=lambda d: abs((d - near).days))
    return latest


def _announced(past: date, coming: date, published: date) -> bool:
    return (published - past).days > BEHIND_DAYS and (coming - published).days <= AHEAD_DAYS


def _agreeing(days: list[date], weekday: int, published: date) -> date | None:
    """The day with that name closest to publication; a coming one only if it is close."""
    fits = [d for d in days if d.weekday() == weekday and (d - published).days <= 120]
    return min(fits, key=lambda d: abs((d - published).days), default=None)


def day_number(day: int, published: date, near: date | None) -> date | None:
    """ "The 9th": in the month that the text talks about, else the latest 9th up to publication."""
    anchor = near or published
    months = [shift_month(anchor, k) for k in ((0, 1, -1) if near else (0, -1, -2))]
    days = [d for m in months if (d := make(m.year, m.month, day)) and d <= published + SLACK]
    if near:
        return min(days, key=lambda d: (abs((d - near).days) > 27, d.month != near.month), default=None)
    return days[0] if days else None


def weekday_number(weekday: int, day: int, published: date, near: date | None) -> date | None:
    """ "Wednesday 23": the closest such day before publication, or one announced for the coming days."""
    if near and (found := _same_number(weekday, day, near, 45, 20)) and found <= published + SLACK:
        return found
    return _same_number(weekday, day, published, 400, SOON_DAYS)


def _same_number(weekday: int, day: int, anchor: date, back: int, ahead: int) -> date | None:
    offsets = sorted(range(-back, ahead + 1), key=abs)
    days = (anchor + timedelta(days=k) for k in offsets)
    return next((d for d in days if d.day == day and d.weekday() == weekday), None)


def last_weekday(weekday: int, published: date, *, strict: bool = False) -> date:
    """The last day of that name up to publication; `strict` leaves out the day of publication."""
    back = (published.weekday() - weekday) % 7
    return published - timedelta(days=back or (7 if strict else 0))


def next_weekday(weekday: int, after: date) -> date:
    """The first day of that name after `after`."""
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def latest_month(month: int, published: date, near: date | None, from_day: int = 1) -> tuple[int, int]:
    """Year and month of the latest such month whose `from_day` is not after publication."""
    year = published.year - (clamp(published.year, month, from_day) > published + SLACK)
    if near is None and _announced(date(year, month, 1), date(year + 1, month, 1), published):
        return year + 1, month
    if near and (published - date(year, month, 1)).days > FAR_DAYS:
        year = min((near.year - 1, near.year, near.year + 1), key=lambda y: abs((date(y, month, 15) - near).days))
        year -= date(year, month, 1) > published
    return year, month


def middle(first: date, last: date) -> date:
    return first + (last - first) // 2
