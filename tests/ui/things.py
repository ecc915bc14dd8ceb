# SPDX-License-Identifier: GPL-2.0-or-later
"""What windows tell assistive programs, asked for over D-Bus itself: whole levels of a tree at once, and nothing kept from before."""
import gi
gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib

CONTEXT = GLib.MainContext.default()
MAX_DEPTH = 64
PATIENCE_MS = 20000
PROPERTIES = "org.freedesktop.DBus.Properties"
ACCESSIBLE = "org.a11y.atspi.Accessible"
ACTION = "org.a11y.atspi.Action"
COMPONENT = "org.a11y.atspi.Component"
EDITABLE = "org.a11y.atspi.EditableText"
TEXT = "org.a11y.atspi.Text"
WINDOW = GLib.Variant("(u)", (1,))    # places are from the window's corner: ATSPI_COORD_TYPE_WINDOW
REGISTRY = "org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root"


def connect():
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    address, = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, PATIENCE_MS)
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(address, flags)


class Bus:
    """That of accessibility, which is come to when something is asked for the first time."""
    connection = None

    @classmethod
    def ask(cls, questions):
        """Questions are (thing, interface, method, parameters); all are under way at once.  An answer is a list, or None for a refusal."""
        answers, left = [None] * len(questions), len(questions)
        cls.connection = cls.connection or connect()

        def on_answer(connection, result, which):
            nonlocal left
            left -= 1
            try:
                answers[which] = connection.call_finish(result).unpack()
            except GLib.Error:    # it has gone, or cannot do that
                pass

        for i, (thing, interface, method, parameters) in enumerate(questions):
            cls.connection.call(thing.bus, thing.path, interface, method, parameters, None, 0, PATIENCE_MS, None, on_answer, i)
        while left > 0:
            CONTEXT.iteration(True)
        return answers


class Thing:
    """An object of some window.  Two are the same where they have the same address."""
    def __init__(self, bus, path):
        self.bus, self.path = bus, path
        self.name = ""
        self.n_below = 0
        self.is_known = False    # whether its name and place have been asked for
        self.known_role = None   # until somebody asks for it
        self.above = None   # what it was found below
        self.box = None     # x, y, width and height in its window; None for what has no place, as the page of a stack
        self.below = []     # what look_below() has found

    def __eq__(self, other):
        return isinstance(other, Thing) and (self.bus, self.path) == (other.bus, other.path)

    def __hash__(self):
        return hash((self.bus, self.path))

    @property
    def role(self):
        """Of few things; tell_roles() is quicker for many."""
        if self.known_role is None:
            tell_roles([self])
        return self.known_role

    def ask(self, interface, method, parameters=None):
        """The answer, a tuple; None where there is none."""
        return Bus.ask([(self, interface, method, parameters)])[0]

    def get(self, interface, name):
        answer = self.ask(PROPERTIES, "Get", GLib.Variant("(ss)", (interface, name)))
        return answer[0] if answer is not None else None

    def act(self, which=0):
        return self.ask(ACTION, "DoAction", GLib.Variant("(i)", (which,))) == (True,)

    def actions(self):
        """What they are called."""
        answer = self.ask(ACTION, "GetActions")
        return [action[0] for action in answer[0]] if answer is not None else []

    def set_text(self, text):
        return self.ask(EDITABLE, "SetTextContents", GLib.Variant("(s)", (text,))) == (True,)

    def can_edit(self):
        interfaces = self.ask(ACCESSIBLE, "GetInterfaces")
        return interfaces is not None and EDITABLE in interfaces[0]

    def text(self):
        """None for what holds none."""
        length = self.get(TEXT, "CharacterCount")
        answer = self.ask(TEXT, "GetText", GLib.Variant("(ii)", (0, length))) if length is not None else None
        return answer[0] if answer is not None else None

    def at(self, x, y):
        """What a pointer would meet at that place in this window."""
        answer = self.ask(COMPONENT, "GetAccessibleAtPoint", GLib.Variant("(iiu)", (x, y, 1)))
        return refer(answer[0]) if answer is not None else None

    def parent(self):
        if self.above is None:
            answer = self.get(ACCESSIBLE, "Parent")
            self.above = refer(answer) if answer is not None else None
        return self.above


def refer(reference):
    """Nothing has the address "null"."""
    return Thing(*reference) if not reference[1].endswith("/null") else None


def look_below(above):
    """Fills in what is below each of them, with name and place.  One by one: of a GtkStack GTK 4.8's GetChildren gives not the pages,
    but what was in them when they were shown."""
    places = [(thing, i) for thing in above for i in range(thing.n_below)]
    answers = Bus.ask([(thing, ACCESSIBLE, "GetChildAtIndex", GLib.Variant("(i)", (i,))) for thing, i in places])
    for thing in above:
        thing.below = []
    for (thing, _), answer in zip(places, answers):
        child = refer(answer[0]) if answer is not None else None
        if child is not None:
            child.above = thing
            thing.below.append(child)
    describe([child for thing in above for child in thing.below])


def describe(things):
    """Fills in name and place, and how much is below."""
    interface = GLib.Variant("(s)", (ACCESSIBLE,))
    answers = Bus.ask([(thing, *question) for thing in things for question in
                       ((PROPERTIES, "GetAll", interface), (COMPONENT, "GetExtents", WINDOW))])
    for thing, properties, box in zip(things, answers[::2], answers[1::2]):
        known = properties[0] if properties is not None else {}
        thing.name, thing.n_below = known.get("Name", ""), known.get("ChildCount", 0)
        thing.box, thing.is_known = box[0] if box is not None else None, True


def tell_roles(things):
    """Fills them in: whoever looks for a name needs hardly any."""
    wanted = [thing for thing in things if thing.known_role is None]
    for thing, role in zip(wanted, Bus.ask([(thing, ACCESSIBLE, "GetRole", None) for thing in wanted])):
        thing.known_role = Atspi.role_get_name(role[0]) if role is not None else ""


def get_abilities(things):
    """Of each its states, a number with a bit for each, and how many actions it has."""
    actions = GLib.Variant("(ss)", (ACTION, "NActions"))
    answers = Bus.ask([(thing, *question) for thing in things for question in
                       ((ACCESSIBLE, "GetState", None), (PROPERTIES, "Get", actions))])
    return [(state[0][0] | state[0][1] << 32 if state is not None else 0, n[0] if n is not None else 0)
            for state, n in zip(answers[::2], answers[1::2])]


def make_known(thing):
    """GTK 4.8 knows an object's address only once somebody has been told of it as a child."""
    level = [thing]
    while level:
        look_below(level)
        level = [child for above in level for child in above.below]


def find_met(window, box, owners):
    """In which of them a pointer would meet something in that place, as far as GTK knows it; None for none."""
    for part in (2, 3, 5, 9):    # there may be nothing in the middle of a page
        met = window.at(box[0] + box[2] // part, box[1] + box[3] // part)
        while met is not None and met != window:
            if met in owners:
                return owners[met]
            met = met.parent()
    return None


def find_owner(window, box, owners):
    """The same, where GTK did not know it yet as well."""
    owner = find_met(window, box, owners)
    if owner is None:
        for page in set(owners.values()):
            make_known(page)
        owner = find_met(window, box, owners)
    return owner


def keep_shown(window, pages):
    """Of pages that lie in one place GTK 4.8 marks none as hidden: the shown one is that which a pointer would meet."""
    if len(pages) < 2:
        return pages
    look_below(pages)
    owners = {known: page for page in pages for known in (page, *page.below)}    # of a page it may know the child alone
    boxes = [page.box or next((child.box for child in page.below if child.box is not None), None) for page in pages]
    met = {box: find_owner(window, box, owners) for box in set(boxes) if box is not None}
    return [page for page, box in zip(pages, boxes) if box is None or met[box] in (None, page)]


def find_shown(thing, window):
    """What is below it and on the screen; closed revealers have no size."""
    below = thing.below
    if thing.name == "AdwLeaflet" or any(child.name == "GtkStackPage" for child in below):
        below = keep_shown(window, below)
    for box in {child.box for child in below if child.box is not None and child.box[2] > 0}:    # the pages of an AdwViewStack, which has no name
        beside = [child for child in below if child.box == box]
        kept = keep_shown(window, beside)
        below = [child for child in below if child not in beside or child in kept]
    return [child for child in below if child.box is None or (child.box[2] > 0 and child.box[3] > 0)]


def grow(window):
    """Everything that is shown in a window, a level at a time; each is there as soon as it has been found."""
    level = [window]
    for _ in range(MAX_DEPTH):
        look_below(level)
        for thing in level:
            thing.below = find_shown(thing, window)
        level = [child for thing in level for child in thing.below]
        if not level:
            return
        yield level


def grow_whole(window):
    """With the role of each."""
    tell_roles([window, *(thing for level in grow(window) for thing in level)])


def walk(thing, depth=0):
    """It and all that was found below it, with depth."""
    yield thing, depth
    for child in thing.below:
        yield from walk(child, depth + 1)


def get_applications():
    """With their windows below them."""
    desktop = Thing(*REGISTRY)
    desktop.n_below = desktop.get(ACCESSIBLE, "ChildCount") or 0    # the registry does not tell all at once
    look_below([desktop])
    look_below(desktop.below)
    return desktop.below
