/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ax.c: asks driver.py, which sees what an assistive program sees.  A failure shows tree, output and a picture. */
#include "config.h"
#include "tests/ui/ax.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <gio/gunixinputstream.h>

#define ANSWER_MS  180000    /* longer than any wait that a test asks for: a driver that is silent for so long is lost */

#define LOOK_MS    50
#define REAP_MS    1000      /* until GLib knows of a process that has ended */
#define MAX_ENDS   2         /* of the driver within one test, by a fault of AT-SPI's own library */

struct _AditAx
{
  AditDisplay      *display;
  GSubprocess      *driver;
  GDataInputStream *answers;
  char             *language;     /* (nullable): the catalogue that it was told to use */
  gboolean          listens;
  guint             n_ends;
};

static void
start (AditAx *self)
{
  const char *const argv[] = { "/usr/bin/python3", g_getenv ("ADIT_UI_DRIVER"), NULL };

  if (argv[1] == NULL)
    g_error ("ADIT_UI_DRIVER has to name driver.py; run this through meson test");
  self->driver = adit_display_spawn (self->display, argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  self->answers = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->driver));
}

/**
 * adit_ax_new:
 * @display: where the windows are
 *
 * Returns: (transfer full): a driver for all programs on that display
 */
AditAx *
adit_ax_new (AditDisplay *display)
{
  AditAx *self = g_new0 (AditAx, 1);

  self->display = display;
  start (self);
  return self;
}

/**
 * adit_ax_free:
 * @self: (nullable): a driver
 */
void
adit_ax_free (AditAx *self)
{
  if (self == NULL)
    return;
  g_subprocess_force_exit (self->driver);
  g_subprocess_wait (self->driver, NULL, NULL);
  g_clear_object (&self->answers);
  g_clear_object (&self->driver);
  g_free (self->language);
  g_free (self);
}

/**
 * adit_ax_break:
 * @self: a driver
 *
 * Ends the driver as a fault in its library does.
 */
void
adit_ax_break (AditAx *self)
{
  g_subprocess_send_signal (self->driver, SIGSEGV);
  g_subprocess_wait (self->driver, NULL, NULL);
}

/* What became of one that says nothing more. */
static char *
dup_end (AditAx *self)
{
  g_usleep (REAP_MS * 1000);
  if (g_subprocess_get_identifier (self->driver) != NULL)
    return g_strdup ("did not answer in time");
  if (g_subprocess_wait (self->driver, NULL, NULL) && g_subprocess_get_if_signaled (self->driver))
    return g_strdup_printf ("was ended by signal %d", g_subprocess_get_term_sig (self->driver));
  return g_strdup_printf ("ended with status %d", g_subprocess_get_exit_status (self->driver));
}

static char *
read_line (AditAx *self)
{
  struct pollfd source = {
    .fd = g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (g_subprocess_get_stdout_pipe (self->driver))), .events = POLLIN,
  };
  char *line = NULL;

  if (g_buffered_input_stream_get_available (G_BUFFERED_INPUT_STREAM (self->answers)) > 0 || poll (&source, 1, ANSWER_MS) == 1)
    line = g_data_input_stream_read_line_utf8 (self->answers, NULL, NULL, NULL);
  return line;
}

static char *
ask_line (AditAx *self, const char *line)
{
  GOutputStream *out = g_subprocess_get_stdin_pipe (self->driver);

  return g_output_stream_write_all (out, line, strlen (line), NULL, NULL, NULL) ? read_line (self) : NULL;
}

/* What only looks can be asked again; nobody is pressed twice, and nothing that was said meanwhile is missed. */
static gboolean
can_ask_again (AditAx *self, const char *line)
{
  static const char *const looks[] = { "wait\t", "gone\t", "text\t", "is\t", "extents\t", "count\t", "windows\n", "name\t",
                                       "tree\n" };

  if (self->listens || ++self->n_ends > MAX_ENDS || g_subprocess_get_identifier (self->driver) != NULL ||
      !g_subprocess_wait (self->driver, NULL, NULL) || !g_subprocess_get_if_signaled (self->driver) ||
      g_subprocess_get_term_sig (self->driver) != SIGSEGV)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    if (g_str_has_prefix (line, looks[i]))
      return TRUE;
  return FALSE;
}

/* The library by which it asks does end by a fault of its own now and then, when windows go while they are looked at. */
static char *
ask_again (AditAx *self, const char *line)
{
  g_autofree char *end = dup_end (self), *language = NULL, *told = NULL;

  if (!can_ask_again (self, line))
    g_error ("driver.py %s at \"%s\"", end, line);
  g_test_message ("driver.py %s at \"%s\" and is started again", end, line);
  g_clear_object (&self->answers);
  g_clear_object (&self->driver);
  start (self);
  language = g_strdup_printf ("language\t%s\n", self->language != NULL ? self->language : "");
  if (self->language != NULL && (told = ask_line (self, language)) == NULL)
    return NULL;
  return ask_line (self, line);
}

/* The whole answer, "ok ..." or "no ...". */
static char *
ask (AditAx *self, ...)
{
  g_autoptr (GString) line = g_string_new (NULL);
  const char *word;
  char *answer;
  va_list words;

  va_start (words, self);
  while ((word = va_arg (words, const char *)) != NULL)
    g_string_append_printf (line, "%s%s", line->len > 0 ? "\t" : "", word);
  va_end (words);
  g_string_replace (line, "\n", "\\n", 0);    /* a question is a line */
  g_string_append_c (line, '\n');
  answer = ask_line (self, line->str);
  while (answer == NULL)
    answer = ask_again (self, line->str);
  return answer;
}

/* What stands behind "ok ", or the end of the test. */
static char *
demand (AditAx *self, const char *command, const char *first, const char *second, const char *third)
{
  g_autofree char *answer = ask (self, command, first, first != NULL ? second : NULL, second != NULL ? third : NULL, NULL);
  g_autofree char *tree = NULL, *output = NULL;

  if (g_str_has_prefix (answer, "ok "))
    return g_strdup (answer + strlen ("ok "));
  tree = adit_ax_dup_tree (self);
  output = adit_display_dup_output (self->display);
  (void) adit_display_shoot (self->display, "failure");
  g_error ("%s: %s\n--- what is on the screen ---\n%s--- what the program has printed ---\n%s---", command,
           answer + strlen ("no "), tree, output);
}

/**
 * adit_ax_wait:
 * @self: a driver
 * @role: as AT-SPI calls it, "*" for any
 * @name: exact, or with ~ before it contained
 * @max_ms: how long at the most
 *
 * Waits until there is such an object.
 */
void
adit_ax_wait (AditAx *self, const char *role, const char *name, guint max_ms)
{
  g_autofree char *ms = g_strdup_printf ("%u", max_ms);

  g_free (demand (self, "wait", role, name, ms));
}

/**
 * adit_ax_gone:
 * @self: a driver
 * @role: a role
 * @name: a name
 * @max_ms: how long at the most
 *
 * Waits until there is no such object.
 */
void
adit_ax_gone (AditAx *self, const char *role, const char *name, guint max_ms)
{
  g_autofree char *ms = g_strdup_printf ("%u", max_ms);

  g_free (demand (self, "gone", role, name, ms));
}

/**
 * adit_ax_has:
 * @self: a driver
 * @role: a role
 * @name: a name
 *
 * Returns: whether there is such an object now
 */
gboolean
adit_ax_has (AditAx *self, const char *role, const char *name)
{
  g_autofree char *answer = ask (self, "wait", role, name, "0", NULL);

  return g_str_has_prefix (answer, "ok ");
}

/**
 * adit_ax_press:
 * @self: a driver
 * @role: a role
 * @name: a name
 *
 * Does what a press on the object does, once it can be pressed.  GTK lets that last 250 ms: wait for what shows that it was done
 * before what rests on it.
 */
void
adit_ax_press (AditAx *self, const char *role, const char *name)
{
  g_free (demand (self, "press", role, name, NULL));
}

/**
 * adit_ax_act:
 * @self: a driver
 * @role: a role
 * @name: a name
 * @action: one that the object offers, as "win.show-settings"
 *
 * Does that, without the menu or the key that it is in otherwise.
 */
void
adit_ax_act (AditAx *self, const char *role, const char *name, const char *action)
{
  g_free (demand (self, "act", role, name, action));
}

/**
 * adit_ax_type:
 * @self: a driver
 * @role: a role
 * @name: a name
 * @text: what the object holds afterwards
 */
void
adit_ax_type (AditAx *self, const char *role, const char *name, const char *text)
{
  g_free (demand (self, "type", role, name, text));
}

/**
 * adit_ax_focus:
 * @self: a driver
 * @role: a role
 * @name: a name
 *
 * Gives the object the keyboard.
 */
void
adit_ax_focus (AditAx *self, const char *role, const char *name)
{
  g_free (demand (self, "focus", role, name, NULL));
}

/**
 * adit_ax_key:
 * @self: a driver
 * @key: as xdotool calls it: "Escape", "ctrl+comma"
 *
 * Presses a key for whatever has the keyboard.
 */
void
adit_ax_key (AditAx *self, const char *key)
{
  g_free (demand (self, "key", key, NULL, NULL));
}

/**
 * adit_ax_is:
 * @self: a driver
 * @role: a role
 * @name: a name
 * @state: as AT-SPI calls it: "sensitive", "checked", "focused"
 *
 * Returns: whether the object is in that state now
 */
gboolean
adit_ax_is (AditAx *self, const char *role, const char *name, const char *state)
{
  g_autofree char *answer = demand (self, "is", role, name, state);

  return g_str_equal (answer, "yes");
}

/**
 * adit_ax_wait_is:
 * @self: a driver
 * @role: a role
 * @name: a name
 * @state: as adit_ax_is() has it
 * @is: whether the object is to be in it
 * @max_ms: how long at the most
 *
 * Waits until it is, or is not.
 */
void
adit_ax_wait_is (AditAx *self, const char *role, const char *name, const char *state, gboolean is, guint max_ms)
{
  gint64 end_us = g_get_monotonic_time () + max_ms * G_TIME_SPAN_MILLISECOND;

  while (adit_ax_is (self, role, name, state) != is)
    {
      if (g_get_monotonic_time () > end_us)
        g_error ("%s \"%s\" is %s%s", role, name, is ? "not " : "", state);
      g_usleep (LOOK_MS * 1000);
    }
}

/**
 * adit_ax_count:
 * @self: a driver
 * @role: a role
 *
 * Returns: how many objects have it
 */
guint
adit_ax_count (AditAx *self, const char *role)
{
  g_autofree char *answer = demand (self, "count", role, NULL, NULL);

  return (guint) g_ascii_strtoull (answer, NULL, 10);
}

/**
 * adit_ax_count_windows:
 * @self: a driver
 *
 * Returns: how many windows there are, messages among them
 */
guint
adit_ax_count_windows (AditAx *self)
{
  g_autofree char *answer = demand (self, "windows", NULL, NULL, NULL);

  return (guint) g_ascii_strtoull (answer, NULL, 10);
}

/**
 * adit_ax_ask_beyond:
 * @self: a driver
 *
 * Asks for one window more than there are, as a screen reader does that has not heard yet that one was closed.
 */
void
adit_ax_ask_beyond (AditAx *self)
{
  g_free (demand (self, "beyond", NULL, NULL, NULL));
}

/**
 * adit_ax_wait_windows:
 * @self: a driver
 * @n: how many windows
 * @max_ms: how long at the most
 *
 * Waits until there are so many, and is quicker than a look for something in them.
 */
void
adit_ax_wait_windows (AditAx *self, guint n, guint max_ms)
{
  gint64 end_us = g_get_monotonic_time () + max_ms * G_TIME_SPAN_MILLISECOND;
  guint now;

  while ((now = adit_ax_count_windows (self)) != n)
    {
      if (g_get_monotonic_time () > end_us)
        g_error ("there are %u windows, not %u", now, n);
      g_usleep (LOOK_MS * 1000);
    }
}

/**
 * adit_ax_dup_name:
 * @self: a driver
 * @role: a role
 * @prefix: how the name begins
 *
 * Returns: (transfer full): the whole name of the first such object
 */
char *
adit_ax_dup_name (AditAx *self, const char *role, const char *prefix)
{
  return demand (self, "name", role, prefix, NULL);
}

/**
 * adit_ax_dup_text:
 * @self: a driver
 * @role: a role
 * @name: a name
 *
 * Returns: (transfer full): what the object, an entry, holds
 */
char *
adit_ax_dup_text (AditAx *self, const char *role, const char *name)
{
  return demand (self, "text", role, name, NULL);
}

/**
 * adit_ax_get_extents:
 * @self: a driver
 * @role: a role
 * @name: a name
 *
 * Returns: where the object is in its window, in pixels
 */
AditAxExtents
adit_ax_get_extents (AditAx *self, const char *role, const char *name)
{
  g_autofree char *answer = demand (self, "extents", role, name, NULL);
  AditAxExtents extents = { 0 };

  if (sscanf (answer, "%d %d %d %d", &extents.x, &extents.y, &extents.width, &extents.height) != 4)
    g_error ("no extents: %s", answer);
  return extents;
}

/**
 * adit_ax_dup_tree:
 * @self: a driver
 *
 * Returns: (transfer full): all objects, a line each
 */
char *
adit_ax_dup_tree (AditAx *self)
{
  g_autofree char *answer = ask (self, "tree", NULL);
  g_autoptr (GString) tree = g_string_new (NULL);
  guint64 n_lines = g_str_has_prefix (answer, "ok ") ? g_ascii_strtoull (answer + strlen ("ok "), NULL, 10) : 0;

  for (guint64 i = 0; i < n_lines; i++)
    {
      g_autofree char *line = read_line (self);

      if (line == NULL)
        g_error ("driver.py has ended in the middle of its answer");
      g_string_append_printf (tree, "%s\n", line);
    }
  return g_string_free (g_steal_pointer (&tree), FALSE);
}

/**
 * adit_ax_dup_unlabelled:
 * @self: a driver
 *
 * Returns: (transfer full): what a person can act on and has no name, with what it is in; "" for nothing
 */
char *
adit_ax_dup_unlabelled (AditAx *self)
{
  return demand (self, "unlabelled", NULL, NULL, NULL);
}

/**
 * adit_ax_set_language:
 * @self: a driver
 * @catalogue: (nullable): a file that msgfmt made
 *
 * Names are from now on those of the program's own messages, and what it makes of them is looked for.
 */
void
adit_ax_set_language (AditAx *self, const char *catalogue)
{
  g_free (demand (self, "language", catalogue, NULL, NULL));
  g_free (self->language);
  self->language = g_strdup (catalogue);
}

/**
 * adit_ax_dup_keyboard_faults:
 * @self: a driver
 *
 * Goes round the window that has the keyboard with Tab, and down its lists.
 *
 * Returns: (transfer full): what a person can act on and does not get to without a pointer, and what they get to and is not
 *   told by a name; "" for nothing
 */
char *
adit_ax_dup_keyboard_faults (AditAx *self)
{
  return demand (self, "keyboard", NULL, NULL, NULL);
}

/**
 * adit_ax_listen:
 * @self: a driver
 *
 * Keeps from now on what those who hear the window are told without asking for it.
 */
void
adit_ax_listen (AditAx *self)
{
  g_free (demand (self, "listen", NULL, NULL, NULL));
  self->listens = TRUE;
}

/**
 * adit_ax_heard:
 * @self: a driver, after adit_ax_listen()
 * @text: what they are told
 * @max_ms: how long at the most
 *
 * Waits until they are.
 */
void
adit_ax_heard (AditAx *self, const char *text, guint max_ms)
{
  g_autofree char *ms = g_strdup_printf ("%u", max_ms);

  g_free (demand (self, "heard", text, ms, NULL));
}

/**
 * adit_ax_expect_labelled:
 * @self: a driver
 *
 * Fails the test where something that a person can act on has no name.
 */
void
adit_ax_expect_labelled (AditAx *self)
{
  g_autofree char *unlabelled = adit_ax_dup_unlabelled (self), *tree = NULL;

  if (unlabelled[0] == '\0')
    return;
  tree = adit_ax_dup_tree (self);
  g_error ("without a name: %s\n%s", unlabelled, tree);
}
