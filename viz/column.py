"""Lines of text in a panel, from top to bottom."""

from dataclasses import dataclass, field

import pygame

from viz.arrangement import Area
from viz.palette import Colour, Palette
from viz.text import Type


@dataclass(slots=True)
class Column:
    """Writes lines downwards and stops where the panel ends."""

    target: pygame.Surface
    type_: Type
    palette: Palette
    area: Area
    y: int = field(init=False)

    def __post_init__(self) -> None:
        self.y = self.area[1] + 12

    @property
    def left(self) -> int:
        """Where text starts."""
        return self.area[0] + 14

    @property
    def room(self) -> int:
        """Pixels from there to the right end."""
        return self.area[2] - 28

    def height_left(self) -> int:
        """Pixels down to the end."""
        return self.area[1] + self.area[3] - self.y

    def cut_foot(self, height: int) -> Area:
        """Take a space off the lower end, for something else than lines."""
        left, top, width, tall = self.area
        self.area = (left, top, width, tall - height)
        return left, top + tall - height, width, height

    def lines_left(self, pitch: int = 18) -> int:
        """How many lines still fit."""
        return max(0, (self.area[1] + self.area[3] - 6 - self.y) // pitch)

    def write(
        self,
        words: str,
        beside: str = "",
        *,
        size: int = 18,
        colour: Colour | None = None,
        beside_colour: Colour | None = None,
        pitch: int = 18,
    ) -> None:
        """Write a line, with words at its right end."""
        if not self.lines_left(pitch):
            return
        muted = self.palette.text_muted
        beside_size = min(size, 20)
        # Large words sit lower: let both stand on one line.
        place = (self.left + self.room, self.y + (size - beside_size) // 2)
        colour_beside = beside_colour or muted
        taken = self.type_.put(
            self.target, beside, place, beside_size, colour_beside, align="right"
        )
        space = self.room - (taken + 10 if taken else 0)
        place = (self.left, self.y)
        self.type_.put(
            self.target, words, place, size, colour or self.palette.text, width=space
        )
        self.y += pitch

    def paragraph(self, words: str) -> None:
        """Write words in as many lines as they take."""
        line = ""
        for word in words.split():
            longer = f"{line} {word}".lstrip()
            if line and self.type_.width(longer, 18) > self.room:
                self.write(line)
                longer = word
            line = longer
        self.write(line)

    def title(self, words: str, beside: str, beside_colour: Colour) -> None:
        """Write in large letters what all is about, and its state beside."""
        self.write(words, beside, size=26, beside_colour=beside_colour, pitch=26)

    def heading(self, words: str, beside: str = "") -> None:
        """Write the heading of a part."""
        self.y += 7
        faint = self.palette.text_faint
        self.write(words, beside, size=16, colour=faint, beside_colour=faint)
