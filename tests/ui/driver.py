#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads and works the windows on a display over AT-SPI, as an assistive program does.

One command a line on standard input, its words separated by tabs; one line comes back: "ok TEXT" or "no REASON".
A name is exact, or with ~ before it contained; the role * is any.  MS is how long to wait.

  wait ROLE NAME MS   gone ROLE NAME MS   press ROLE NAME   type ROLE NAME TEXT   focus ROLE NAME   key KEY
  act ROLE NAME ACTION: one by its name, without a menu or a key
  name ROLE PREFIX    text ROLE NAME      is ROLE NAME STATE   extents ROLE NAME  count ROLE        unlabelled
  tree (answers "ok N" and then N lines)
  language FILE: names are from now on what that catalogue (.mo) makes of them; without a file they are as they are; "Words of %s|this" are
    those words with this in them
  windows: how many there are, which is quickly told
  beyond: ask for a window that is not there, as who is slow does for one that has just been closed
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

import things
from things import Thing, walk

PATIENCE_MS = things.PATIENCE_MS
PAUSE_S = 0.03
KEY_MS = 15     # between two presses of the tab key
TOLD_ROLES = {"status bar", "notification", "alert", "log"}
# They are the window manager's, which has keys of its own for them.
WINDOW_BUTTONS = {"Minimize", "Maximize", "Restore", "Close"}
QUIET_S = 0.3   # after the last event of many
N_TABS = 20
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


def everything():
    for application in things.get_applications():
        yield application, 0
        for window in reversed(application.below):    # what somebody looks at is on top of the others
            things.grow_whole(window)
            yield from walk(window, 1)


def matches(pattern, text):
    return pattern[1:] in text if pattern.startswith("~") else pattern == text


def is_called(thing, role, name):
    return matches(name, thing.name) and role in ("*", thing.role)


def levels():
    for application in things.get_applications():
        yield [application]
        for window in reversed(application.below):    # what somebody looks at is on top of the others
            yield [window]
            yield from things.grow(window)


def find(role, name, fits=lambda thing: True):
    """The one that is in the fewest others; what is in it is not looked at any more."""
    for level in levels():
        for thing in level:
            if is_called(thing, role, name) and fits(thing):
                return thing
    return None


def is_in(states, state):
    number = getattr(Atspi.StateType, state.upper().replace("-", "_"), None)
    if number is None:
        raise Refused(f"there is no state called {state}")
    return states >> int(number) & 1 == 1


def has_state(thing, state):
    (states, _), = things.get_abilities([thing])
    return is_in(states, state)


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
    (states, n_actions), = things.get_abilities([thing])
    return n_actions > 0 and is_in(states, "sensitive")


def do_press(role, name):
    if not need(role, name, can_be_pressed, " that can be pressed").act():
        raise Refused(f'{role} "{name}" refuses to be pressed')


def do_act(role, name, action):
    """One of those that it offers, where it is none that a press does: as those of a menu, which a window has besides."""
    thing = need(role, name, lambda thing: action in thing.actions(), f" that offers {action}")
    if not thing.act(thing.actions().index(action)):
        raise Refused(f'{role} "{name}" refuses {action}')


def do_focus(role, name):
    """By the keyboard, which shows that it gets there: GTK 4.8 does not let an assistive program give focus."""
    need(role, name)
    focus_window()
    for i in range(MAX_TABS):
        if i % LOOK_AGAIN == 0:    # in between rows may have come and gone
            wanted = [thing for level in levels() for thing in level if is_called(thing, role, name)]
        if any(is_in(states, "focused") for states, _ in things.get_abilities(wanted)):
            return
        run("xdotool", "key", "Tab")
        time.sleep(PAUSE_S)
    raise Refused(f'the tab key does not lead to {role} "{name}"')


def do_type(role, name, text=""):
    text = text.replace("\\n", "\n")
    need(role, name)
    thing = find(role, name, Thing.can_edit)
    if thing is not None and thing.set_text(text):
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
            if thing.name.startswith(prefix) and role in ("*", thing.role):
                return [thing.name]
        return None
    return until(look, PATIENCE_MS, f'no {role} begins with "{prefix}"')[0]


def do_text(role, name):
    text = need(role, name).text()
    if text is None:
        raise Refused(f'{role} "{name}" holds no text')
    return text


def do_is(role, name, state):
    return "yes" if has_state(need(role, name), state) else "no"


def do_extents(role, name):
    return "{} {} {} {}".format(*need(role, name, lambda thing: thing.box is not None).box)


def do_count(role):
    return str(sum(thing.role == role for thing, _ in everything()))


def do_windows():
    return str(sum(len(application.below) for application in things.get_applications()))


def do_beyond():
    for application in things.get_applications():
        application.ask(things.ACCESSIBLE, "GetChildAtIndex", GLib.Variant("(i)", (len(application.below),)))


def is_no_name(name):
    return not name.strip() or TYPE_NAME.fullmatch(name) is not None


def do_unlabelled():
    """Roles with where they are, one after the other: a thing without a name can only be told by what is around it."""
    found, path = [], []
    for thing, depth in everything():
        path[depth:] = [f'{thing.role} "{thing.name}"' if thing.name else thing.role]
        if thing.role in INTERACTIVE and is_no_name(thing.name):
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
    windows = [window for application in things.get_applications() for window in application.below]
    for window, (states, _) in zip(windows, things.get_abilities(windows)):
        if is_in(states, "active"):
            return window
    raise Refused("no window is active")


def chain(thing, window):
    """It and what it is in, up to the window; nothing more of what has gone meanwhile."""
    while thing is not None and thing != window:
        yield thing
        thing = thing.parent()


class Focus:
    """Where the keyboard goes in a window, as that tells it: an event comes for each step."""
    def __init__(self, window):
        self.met, self.bus = [], window.bus
        self.known = {thing: thing for thing, _ in walk(window)}
        self.listener = Atspi.EventListener.new(lambda event: self.met.append(event.source.path) if event.detail1 else None)
        self.listener.register("object:state-changed:focused")

    def learn(self, path):
        """What is not known yet, as a row that has come meanwhile, with all that it is in."""
        thing = self.known.setdefault(Thing(self.bus, path), Thing(self.bus, path))
        if thing.is_known:
            return thing
        things.describe([thing])
        above = thing.parent()
        if above is not None and above.path not in (path, things.REGISTRY[1]):
            thing.above = self.learn(above.path)
        return thing

    def press(self, *keys, is_step=False):
        """What got it.  One step is done once something got it."""
        self.met = []
        run("xdotool", "key", "--clearmodifiers", "--delay", str(KEY_MS), *keys)
        return self.wait(is_step)

    def wait(self, is_step=False):
        """Until it is quiet."""
        context, quiet_since = GLib.MainContext.default(), time.monotonic()
        while time.monotonic() < quiet_since + QUIET_S and not (is_step and self.met):
            if context.iteration(False):
                quiet_since = time.monotonic()
            else:
                time.sleep(PAUSE_S / 10)
        return [self.learn(path) for path in list(self.met)]

    def end(self):
        self.listener.deregister("object:state-changed:focused")


def get_controls(window):
    """Rows of a list are, too; what a combo box shows of its list is part of it."""
    candidates = [thing for thing, _ in walk(window) if thing.role in INTERACTIVE or thing.role == "list item"]
    return [thing for thing, (states, n_actions) in zip(candidates, things.get_abilities(candidates))
            if (is_in(states, "focusable") or n_actions > 0) and is_in(states, "sensitive") and
            all(above.role != "combo box" for above in list(chain(thing, window))[1:])]


def counts(thing, above):
    """A row does what the control in it does; of others each has to be reached itself."""
    return above == thing or above.role not in INTERACTIVE


def go_round(focus, window):
    """Everything that Tab comes to, with what that is in, by path; and what has the keyboard itself."""
    reached, holders = {}, {}
    while True:
        met = {thing.path: thing for thing in focus.press(*["Tab"] * N_TABS)}
        if not met.keys() - holders.keys():
            return reached, holders
        holders.update(met)
        reached.update((above.path, above) for thing in met.values() for above in chain(thing, window) if counts(thing, above))


def is_within(met, path, window):
    return any(above.path == path for thing in met for above in chain(thing, window))


def go_down(focus, window, reached, holders):
    """From row to row by arrows; of the rows of one list all are built alike, so that a button in one stands for those in all."""
    lists = [above.path for above in reached.values() if above.role == "list" and above.n_below > 1]
    for path in lists:
        for _ in range(MAX_TABS):
            if is_within(focus.press("Tab", is_step=True), path, window) and is_within(focus.wait()[-1:], path, window):
                break
        for thing in focus.press("Home", *["Down"] * N_TABS):
            holders[thing.path] = thing
            reached.update((above.path, above) for above in chain(thing, window) if counts(thing, above))


def stands_for(thing, reached, window):
    """Whether a row beside has such a thing that was reached."""
    row = next((above for above in chain(thing, window) if above.role == "list item"), None)
    if row is None or row == thing:
        return False
    beside = row.parent()
    return any(other.role == thing.role and other != thing and any(above == beside for above in chain(other, window))
               for other in reached.values())


def do_keyboard():
    """What is not reached, and what is or could be pressed, but says nothing."""
    focus_window()
    window = top_window()
    things.grow_whole(window)
    focus = Focus(window)
    wanted = get_controls(window)
    reached, holders = go_round(focus, window)
    missing = [thing for thing in wanted if thing.path not in reached]
    if any(thing.role == "list item" for thing in missing):
        go_down(focus, window, reached, holders)
    focus.end()
    faults = [f'no key leads to {thing.role} "{thing.name}"' for thing in missing
              if thing.path not in reached and thing.name not in WINDOW_BUTTONS and not stands_for(thing, reached, window)]
    holders.update((thing.path, thing) for thing, _ in walk(window) if thing.role in INTERACTIVE and thing != window)
    for thing in holders.values():
        if thing.role and is_no_name(thing.name):
            faults.append(f'without a name: {thing.role} "{thing.name}" in ' + " in ".join(
                f'{above.role} "{above.name}"' for above in list(chain(thing, window))[1:4]))
    return "; ".join(faults)


def role_and_name(source):
    """Of what an event is about."""
    try:
        return source.get_role_name() or "", source.get_name() or ""
    except GLib.Error:
        return "", ""


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
    found = list(everything())
    lines = []
    for (thing, depth), (states, _) in zip(found, things.get_abilities([thing for thing, _ in found])):
        words = [state for state in ("focused", "checked", "pressed", "selected") if is_in(states, state)]
        words += [] if is_in(states, "sensitive") else ["insensitive"]
        lines.append("  " * depth + f"{thing.role} {thing.name!r}" + (f" [{', '.join(words)}]" if words else ""))
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
