"""Times and numbers as people read them."""


def clock(seconds: float) -> str:
    """Return hours, minutes and seconds.

    Examples
    --------
    >>> clock(3599.96), clock(36061)
    ('1:00:00', '10:01:01')
    """
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def way(metres: float) -> str:
    """Return a length in kilometres, or in metres where it is shorter than one.

    Examples
    --------
    >>> way(999.4), way(1250.0)
    ('999 m', '1.2 km')
    """
    return f"{metres / 1000:,.1f} km" if metres >= 999.5 else f"{metres:.0f} m"


def share(part: float) -> str:
    """Return a share in per cent; a dash where there is none.

    Examples
    --------
    >>> share(0.1234), share(float("inf"))
    ('12.3 %', '-')
    """
    return f"{part:.1%}".replace("%", " %") if abs(part) < 1e6 else "-"


def count(number: int, thing: str) -> str:
    """Return a number and its noun, plural where it needs one.

    Examples
    --------
    >>> count(1, "order"), count(1200, "order")
    ('1 order', '1,200 orders')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
