#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads and works the windows on a display over AT-SPI, as an assistive program does.

One command a line on standard input, its words separated by tabs; one line comes back: "ok TEXT" or "no REASON".
A name is exact, or with ~ before it contained; the role * is any.  MS is how long to wait.

  wait ROLE NAME MS   gone ROLE NAME MS   press ROLE NAME   type ROLE NAME TEXT   focus ROLE NAME   key KEY
  name ROLE PREFIX    text ROLE NAME      is ROLE NAME STATE   extents ROLE NAME  count ROLE        unlabelled
  tree (answers "ok N" and then N lines)
  language FILE: names are from now on what that catalogue (.mo) makes of them; without a file they are as they are; "Words of %s|this" are
    those words with this in them
  listen: from now on      heard TEXT MS: what a screen reader is told by itself, of an alert or a state that has changed
  keyboard: what can be acted on in the active window and is not come to by Tab and arrows, and what is and has no name
"""
import gettext
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
KEY_MS = 15     # between two presses of the tab key
TOLD_ROLES = {"status bar", "notification", "alert", "log"}
# They are the window manager's, which has keys of its own for them.
WINDOW_BUTTONS = {"Minimize", "Maximize", "Restore", "Close"}
QUIET_S = 0.3   # after the last event of many
N_TABS = 20
MAX_DEPTH = 64
MAX_TABS = 100
LOOK_AGAIN = 20
# What a person acts on: without a name a screen reader has only the kind of thing to say.
INTERACTIVE = {"push button", "toggle button", "entry", "text", "password text", "check box", "combo box", "radio button", "slider",
               "spin button", "switch", "link", "menu item", "page tab"}
# GTK 4.8 falls back to the name of a class in its code: "GtkImage" is no name that says anything.
TYPE_NAME = re.compile(r"(Gtk|Adw|Adit)[A-Z]\w*")


CATALOGUE = gettext.NullTranslations()


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
    owners = {known: owner for owner in [page, *others] for known in (owner, *children(owner))}    # of a page it may know the child alone
    for part in (2, 3, 5):    # there may be nothing in the middle of a page
        place = box.x + box.width // part, box.y + box.height // part, Atspi.CoordType.WINDOW
        met = component.get_accessible_at_point(*place)
        if met is None:
            for known in [page, *others]:
                make_known(known)
            met = component.get_accessible_at_point(*place)
        while met is not None and met != window:
            if met in owners:
                return owners[met] == page
            met = met.get_parent()
    return True


def shown_children(thing, window):
    """What is below it and on the screen; closed revealers have no size."""
    below = list(children(thing))
    if thing.get_name() == "AdwLeaflet" or any(child.get_name() == "GtkStackPage" for child in below):
        below = [child for child in below if is_page_shown(window, child, [other for other in below if other != child])]
    boxes = [box_of(child) for child in below]
    places = [box and (box.x, box.y, box.width, box.height) for box in boxes]
    if len(set(places)) < len(places):    # the pages of an AdwViewStack, which has no name
        below = [child for child, place in zip(below, places) if not place or not place[2] or places.count(place) == 1 or
                 is_page_shown(window, child, [other for other, its in zip(below, places) if other != child and its == place])]
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


def is_called(thing, role, name):
    its_role, its_name = role_and_name(thing)
    return role in ("*", its_role) and matches(name, its_name)


def find(role, name, fits=lambda thing: True):
    for thing, _ in everything():
        if is_called(thing, role, name) and fits(thing):
            return thing
    return None


def has_state(thing, state):
    number = getattr(Atspi.StateType, state.upper().replace("-", "_"), None)
    if number is None:
        raise Refused(f"there is no state called {state}")
    return thing.get_state_set().contains(number)


def is_focused(thing):
    try:
        thing.clear_cache()
        return has_state(thing, "focused")
    except GLib.Error:    # it has gone
        return False


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
    focus_window()
    for i in range(MAX_TABS):
        if i % LOOK_AGAIN == 0:    # in between rows may have come and gone
            wanted = [thing for thing, _ in everything() if is_called(thing, role, name)]
        if any(is_focused(thing) for thing in wanted):
            return
        run("xdotool", "key", "Tab")
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


def is_no_name(name):
    return not name.strip() or TYPE_NAME.fullmatch(name) is not None


def do_unlabelled():
    """Roles with where they are, one after the other: a thing without a name can only be told by what is around it."""
    found, path = [], []
    for thing, depth in everything():
        role, name = role_and_name(thing)
        path[depth:] = [f'{role} "{name}"' if name else role]
        if role in INTERACTIVE and is_no_name(name):
            found.append(" in ".join(reversed(path[-3:])))
    return "; ".join(found)


def do_language(path=""):
    global CATALOGUE
    CATALOGUE = gettext.NullTranslations()
    if path:
        with open(path, "rb") as file:
            CATALOGUE = gettext.GNUTranslations(file)


def translate(role, name):
    mark, text = ("~", name[1:]) if name.startswith("~") else ("", name)
    text, _, part = text.partition("|")
    text = CATALOGUE.gettext(text).replace("%s", part) if text else text
    return mark + (text.replace("_", "") if role == "menu item" else text)    # the letter to press is underlined there


def top_window():
    for application in children(Atspi.get_desktop(0)):
        for window in children(application):
            if has_state(window, "active"):
                return window
    raise Refused("no window is active")


def chain(thing, window):
    """It and what it is in, up to the window; nothing more of what has gone meanwhile."""
    while thing is not None and thing != window:
        yield thing
        try:
            thing = thing.get_parent()
        except GLib.Error:
            return


class Focus:
    """Where the keyboard goes, as the window tells it: an event comes for each step."""
    def __init__(self):
        self.met = []
        self.listener = Atspi.EventListener.new(lambda event: self.met.append(event.source) if event.detail1 else None)
        self.listener.register("object:state-changed:focused")

    def press(self, *keys):
        """What got it."""
        self.met = []
        press_keys("key", "--delay", str(KEY_MS), *keys)
        context, quiet_since = GLib.MainContext.default(), time.monotonic()
        while time.monotonic() < quiet_since + QUIET_S:
            if context.iteration(False):
                quiet_since = time.monotonic()
            else:
                time.sleep(PAUSE_S / 10)
        return self.met

    def end(self):
        self.listener.deregister("object:state-changed:focused")


def is_control(thing):
    """Rows of a list are, too; what a combo box shows of its list is part of it."""
    role = thing.get_role_name()
    if role not in INTERACTIVE and role != "list item":
        return False
    actions = thing.get_action_iface()
    can = has_state(thing, "focusable") or (actions is not None and actions.get_n_actions() > 0)
    return can and has_state(thing, "sensitive") and all(above.get_role_name() != "combo box" for above in list(chain(thing, None))[1:])


def counts(thing, above):
    """A row does what the control in it does; of others each has to be reached itself."""
    return above == thing or above.get_role_name() not in INTERACTIVE


def go_round(focus, window):
    """Everything that Tab comes to, with what that is in, by path; and what has the keyboard itself."""
    reached, holders = {}, {}
    while True:
        met = {thing.path: thing for thing in focus.press(*["Tab"] * N_TABS)}
        if not met.keys() - holders.keys():
            return reached, holders
        holders.update(met)
        reached.update((above.path, above) for thing in met.values() for above in chain(thing, window) if counts(thing, above))


def go_down(focus, window, reached, holders):
    """From row to row by arrows; of the rows of one list all are built alike, so that a button in one stands for those in all."""
    lists = {above.path: above for above in reached.values() if above.get_role_name() == "list" and above.get_child_count() > 1}
    for path in lists:
        for _ in range(MAX_TABS):
            met = focus.press("Tab")
            if any(above.path == path for thing in met for above in chain(thing, window)):
                break
        for thing in focus.press("Home", *["Down"] * N_TABS):
            holders[thing.path] = thing
            reached.update((above.path, above) for above in chain(thing, window) if counts(thing, above))


def stands_for(thing, reached, window):
    """Whether a row beside has such a thing that was reached."""
    row = next((above for above in chain(thing, window) if above.get_role_name() == "list item"), None)
    if row is None or row == thing:
        return False
    beside = row.get_parent()
    return any(other.get_role_name() == thing.get_role_name() and other != thing and
               any(above == beside for above in chain(other, window)) for other in reached.values())


def do_keyboard():
    """What is not reached, and what is or could be pressed, but says nothing."""
    focus_window()
    window, focus = top_window(), Focus()
    things = [thing for thing, _ in walk(window) if thing != window]
    wanted = [thing for thing in things if is_control(thing)]
    reached, holders = go_round(focus, window)
    missing = [thing for thing in wanted if thing.path not in reached]
    if any(thing.get_role_name() == "list item" for thing in missing):
        go_down(focus, window, reached, holders)
    focus.end()
    faults = ['no key leads to {} "{}"'.format(*role_and_name(thing)) for thing in missing
              if thing.path not in reached and thing.get_name() not in WINDOW_BUTTONS and not stands_for(thing, reached, window)]
    holders.update((thing.path, thing) for thing in things if thing.get_role_name() in INTERACTIVE)
    for thing in holders.values():
        role, name = role_and_name(thing)
        if role and is_no_name(name):
            faults.append(f'without a name: {role} "{name}" in ' + " in ".join(
                '{} "{}"'.format(*role_and_name(above)) for above in list(chain(thing, window))[1:4]))
    return "; ".join(faults)


class Announcements:
    """What GTK 4.8 has of them: a name that changes in an object whose role says that this is to be told, and what the keyboard is
    at now and what that is for."""
    def __init__(self):
        self.told = []
        self.listener = Atspi.EventListener.new(self.on_event)
        self.listener.register("object:property-change:accessible-name")
        self.listener.register("object:announcement")
        self.listener.register("object:state-changed:focused")

    def on_event(self, event):
        role, name = role_and_name(event.source)
        if event.type.startswith("object:state-changed"):
            self.told += [name, event.source.get_description()] if event.detail1 else []
        elif event.type.startswith("object:announcement") or role in TOLD_ROLES:
            self.told.append(str(event.any_data or name))


ANNOUNCEMENTS = []


def do_listen():
    ANNOUNCEMENTS[:] = [Announcements()]


def do_heard(text, ms):
    def look():
        while GLib.MainContext.default().iteration(False):
            pass
        return text in ANNOUNCEMENTS[0].told
    until(look, int(ms), f'nobody is told "{text}"; they are told {ANNOUNCEMENTS[0].told}')


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
    if command == "heard":
        words[0] = translate("", words[0])
    elif len(words) > 1:
        words[1] = translate(words[0], words[1])
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
