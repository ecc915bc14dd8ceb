#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads and works the windows on a display over AT-SPI, as an assistive program does.

One command a line on standard input, its words separated by tabs; one line comes back: "ok TEXT" or "no REASON".
A name is exact, or with ~ before it contained; the role * is any.  MS is how long to wait.

  wait ROLE NAME MS   gone ROLE NAME MS   press ROLE NAME   type ROLE NAME TEXT   focus ROLE NAME   key KEY
  name ROLE PREFIX    text ROLE NAME      is ROLE NAME STATE   extents ROLE NAME  count ROLE        unlabelled
  tree (answers "ok N" and then N lines)
"""
import re
import subprocess
import sys
import time
import warnings

warnings.simplefilter("ignore")
import gi
gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

PATIENCE_MS = 20000
PAUSE_S = 0.03
MAX_DEPTH = 64
MAX_TABS = 100
# What a person acts on: without a name a screen reader has only the kind of thing to say.
INTERACTIVE = {"push button", "toggle button", "entry", "text", "password text", "check box", "combo box", "radio button", "slider",
               "spin button", "switch", "link", "menu item", "page tab"}
# GTK 4.8 falls back to the name of a class in its code: "GtkImage" is no name that says anything.
TYPE_NAME = re.compile(r"(Gtk|Adw|Adit)[A-Z]\w*")


class Refused(Exception):
    """Why a command cannot be done; the line that begins with "no"."""


def children(thing):
    for i in range(thing.get_child_count()):
        child = thing.get_child_at_index(i)
        if child is not None:
            yield child


def box_of(thing):
    """Where it is in its window, or None for what has no place: an application, the page of a stack."""
    component = thing.get_component_iface()
    return component.get_extents(Atspi.CoordType.WINDOW) if component is not None else None


def make_known(thing):
    """GTK 4.8 knows an object's address only once somebody has been told of it as a child."""
    for child in children(thing):
        make_known(child)


def is_page_shown(window, page, others):
    """Of pages that lie in one place GTK 4.8 marks none as hidden: the shown one is that which a pointer would meet."""
    box = box_of(page) or next((box_of(child) for child in children(page)), None)
    if box is None or not others:
        return True
    component = window.get_component_iface()
    if component is None:    # it closes just now
        return True
    place = box.x + box.width // 2, box.y + box.height // 2, Atspi.CoordType.WINDOW
    met = component.get_accessible_at_point(*place)
    if met is None:
        for known in [page, *others]:
            make_known(known)
        met = component.get_accessible_at_point(*place)
    while met is not None and met != window:
        if met == page or met in others:
            return met == page
        met = met.get_parent()
    return True


def shown_children(thing, window):
    """What is below it and on the screen; closed revealers have no size."""
    below = list(children(thing))
    if thing.get_name() in ("AdwLeaflet", "AdwViewStack") or any(child.get_name() == "GtkStackPage" for child in below):
        below = [child for child in below if is_page_shown(window, child, [other for other in below if other != child])]
    boxes = [box_of(child) for child in below]
    return [child for child, box in zip(below, boxes) if box is None or (box.width > 0 and box.height > 0)]


def walk(thing, depth=0, window=None):
    """Every object below this one and itself, with its depth.  One that goes away meanwhile is left out."""
    try:
        thing.clear_cache()    # what is kept on this side is older than what the window shows
        yield thing, depth
        below = shown_children(thing, window) if depth < MAX_DEPTH else []
    except GLib.Error:
        return
    for child in below:
        yield from walk(child, depth + 1, window or child)


def everything():
    desktop = Atspi.get_desktop(0)
    desktop.clear_cache()
    for application in list(children(desktop)):
        yield application, 0
        for window in reversed(list(children(application))):    # what somebody looks at is on top of the others
            yield from walk(window, 1, window)


def role_and_name(thing):
    try:
        return thing.get_role_name() or "", thing.get_name() or ""
    except GLib.Error:
        return "", ""


def matches(pattern, text):
    return pattern[1:] in text if pattern.startswith("~") else pattern == text


def find(role, name, fits=lambda thing: True):
    for thing, _ in everything():
        its_role, its_name = role_and_name(thing)
        if role in ("*", its_role) and matches(name, its_name) and fits(thing):
            return thing
    return None


def has_state(thing, state):
    number = getattr(Atspi.StateType, state.upper().replace("-", "_"), None)
    if number is None:
        raise Refused(f"there is no state called {state}")
    return thing.get_state_set().contains(number)


def until(look, ms, reason):
    """What look() finds as soon as it finds something."""
    end = time.monotonic() + ms / 1000
    while True:
        try:
            found, detail = look(), ""
        except (GLib.Error, Refused) as error:
            found, detail = None, f" ({error})"
        if found:
            return found
        if time.monotonic() >= end:
            raise Refused(reason + detail)
        time.sleep(PAUSE_S)


def need(role, name, fits=lambda thing: True, what=""):
    return until(lambda: find(role, name, fits), PATIENCE_MS, f'there is no {role} "{name}"{what}')


def do_wait(role, name, ms=PATIENCE_MS):
    until(lambda: find(role, name), int(ms), f'there is no {role} "{name}"')


def do_gone(role, name, ms=PATIENCE_MS):
    until(lambda: find(role, name) is None, int(ms), f'{role} "{name}" is still there')


def can_be_pressed(thing):
    """Of a menu button's two objects, say, only one has an action."""
    actions = thing.get_action_iface()
    return actions is not None and actions.get_n_actions() > 0 and has_state(thing, "sensitive")


def do_press(role, name):
    actions = need(role, name, can_be_pressed, " that can be pressed").get_action_iface()
    if not actions.do_action(0):
        raise Refused(f'{role} "{name}" refused {actions.get_action_name(0)}')


def do_focus(role, name):
    """By the keyboard, which shows that it gets there: GTK 4.8 does not let an assistive program give focus."""
    need(role, name)
    for _ in range(MAX_TABS):
        if find(role, name, lambda thing: has_state(thing, "focused")) is not None:
            return
        press_keys("key", "Tab")
        time.sleep(PAUSE_S)
    raise Refused(f'the tab key does not lead to {role} "{name}"')


def do_type(role, name, text=""):
    text = text.replace("\\n", "\n")
    need(role, name)
    thing = find(role, name, lambda candidate: candidate.get_editable_text_iface() is not None)
    if thing is not None and thing.get_editable_text_iface().set_text_contents(text):
        return
    do_focus(role, name)
    press_keys("key", "--clearmodifiers", "ctrl+a", "Delete")
    if text:
        press_keys("type", "--clearmodifiers", text)


def run(*words):
    process = subprocess.run(words, capture_output=True, text=True, timeout=10, check=False)
    if process.returncode != 0:
        raise Refused(process.stderr.strip() or f"{words[0]} failed")
    return process.stdout.strip()


def give_focus(window):
    """Whether keys go there now; popovers are none of those."""
    try:
        if not run("xprop", "-id", window, "_NET_WM_WINDOW_TYPE").endswith(("_NORMAL", "_DIALOG")):
            return False
        run("xdotool", "windowfocus", window)
    except Refused:    # it has closed meanwhile
        return False
    return True


def focus_window():
    """Keys go where X's focus is; without a window manager nobody gives it to a window, and popovers never have it."""
    def look():
        windows = run("xdotool", "search", "--onlyvisible", "--class", ".").split()    # the topmost is the last
        return any(give_focus(window) for window in reversed(windows))
    until(look, PATIENCE_MS, "there is no window to type into")


def press_keys(*words):
    focus_window()
    time.sleep(PAUSE_S)
    run("xdotool", *words)


def do_key(key):
    press_keys("key", "--clearmodifiers", key)


def do_name(role, prefix):
    def look():
        for thing, _ in everything():
            its_role, its_name = role_and_name(thing)
            if role in ("*", its_role) and its_name.startswith(prefix):
                return [its_name]
        return None
    return until(look, PATIENCE_MS, f'no {role} begins with "{prefix}"')[0]


def do_text(role, name):
    text = need(role, name).get_text_iface()
    if text is None:
        raise Refused(f'{role} "{name}" holds no text')
    return text.get_text(0, text.get_character_count())


def do_is(role, name, state):
    return "yes" if has_state(need(role, name), state) else "no"


def do_extents(role, name):
    box = need(role, name).get_component_iface().get_extents(Atspi.CoordType.WINDOW)
    return f"{box.x} {box.y} {box.width} {box.height}"


def do_count(role):
    return str(sum(role_and_name(thing)[0] == role for thing, _ in everything()))


def do_unlabelled():
    """Roles with where they are, one after the other: a thing without a name can only be told by what is around it."""
    found, path = [], []
    for thing, depth in everything():
        role, name = role_and_name(thing)
        path[depth:] = [f'{role} "{name}"' if name else role]
        if role in INTERACTIVE and (not name.strip() or TYPE_NAME.fullmatch(name)):
            found.append(" in ".join(reversed(path[-3:])))
    return "; ".join(found)


def do_tree():
    lines = []
    for thing, depth in everything():
        role, name = role_and_name(thing)
        states = [state for state in ("focused", "checked", "pressed", "selected") if has_state(thing, state)]
        states += [] if has_state(thing, "sensitive") else ["insensitive"]
        lines.append("  " * depth + f"{role} {name!r}" + (f" [{', '.join(states)}]" if states else ""))
    return "\n".join([str(len(lines)), *lines])


COMMANDS = {name[3:]: function for name, function in globals().items() if name.startswith("do_")}


def answer(line):
    command, *words = line.rstrip("\n").split("\t")
    if command not in COMMANDS:
        return f"no there is no command {command}"
    try:
        text = COMMANDS[command](*words) or ""
        return "ok " + (text if command == "tree" else text.replace("\n", "\\n"))
    except (Refused, GLib.Error, TypeError, ValueError, subprocess.SubprocessError) as error:
        return "no " + str(error).replace("\n", " ")


def main():
    Atspi.init()
    Atspi.set_timeout(PATIENCE_MS, PATIENCE_MS)    # less than a second of its own accord, which a busy machine takes
    for line in sys.stdin:
        print(answer(line), flush=True)


if __name__ == "__main__":
    main()
