"""A line to type in: to find something, or to go to a clock time."""

from typing import Final

import pygame

from viz.places import look_at_selected
from viz.search import Found, Kind, Prompt, find, parse_moment
from viz.view import View

_LONGEST: Final = 40


def ask_what(view: View) -> None:
    """Open a line to find something."""
    view.prompt = Prompt("Find a robot, station, order, SKU, pod or truck", finds=True)


def ask_when(view: View) -> None:
    """Open a line to go to a clock time."""
    view.prompt = Prompt("Go to a time, as in 1:02:30 or 90", finds=False)


def type_key(view: View, prompt: Prompt, event: pygame.event.Event) -> None:
    """Let one key have its effect on the line."""
    if event.key == pygame.K_ESCAPE:
        view.prompt = None
    elif event.key in (pygame.K_RETURN, pygame.K_KP_ENTER):
        if _accept(view, prompt):
            view.prompt = None
    elif event.key in (pygame.K_UP, pygame.K_DOWN):
        step = 1 if event.key == pygame.K_DOWN else -1
        prompt.chosen = (prompt.chosen + step) % max(1, len(prompt.found))
    elif event.key == pygame.K_BACKSPACE:
        _write(view, prompt, prompt.text[:-1])
    elif event.unicode.isprintable():
        _write(view, prompt, prompt.text + event.unicode)


def _write(view: View, prompt: Prompt, text: str) -> None:
    prompt.text, prompt.chosen = text[:_LONGEST], 0
    if prompt.finds:
        prompt.found = find(view.replay, prompt.text)


def _accept(view: View, prompt: Prompt) -> bool:
    """Do what was asked for; tell whether it could be done."""
    if prompt.finds:
        if not prompt.found:
            return False
        show(view, prompt.found[prompt.chosen])
        return True
    moment_s = parse_moment(prompt.text)
    if moment_s is not None:
        view.seek(moment_s / view.replay.step_s)
    return moment_s is not None


def show(view: View, found: Found) -> None:
    """Select what was found, and bring it into sight."""
    select = {
        Kind.ROBOT: view.select_robot,
        Kind.STATION: view.select_station,
        Kind.ORDER: view.select_order,
        Kind.SKU: view.select_sku,
        Kind.POD: view.select_pod,
        Kind.TRUCK: view.select_truck,
    }
    select[found.kind](found.index)
    look_at_selected(view)
