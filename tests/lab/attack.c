/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attack.c: a computer where Alice is signed in; each row finds it disconnected, without lockdown, and leaves it so. */
#include "config.h"
#include "tests/lab/attack.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/lab/figures.h"

#define RUN_MS 5000
#define LOG    "/run/adit/log"    /* the helper's */

struct _AditAttack
{
  AditWorld           *world;
  const AditAttackRow *row;
  guint                tried, control;
};

static void G_GNUC_NORETURN
fail (AditAttack *self, const char *what, const char *format, va_list arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);

  adit_world_print_log (self->world);
  g_error ("%s: %s: %s", self->row->id, what, text);
}

/**
 * adit_attack_get_world:
 * @self: a row
 *
 * Returns: (transfer none): where it is tried
 */
AditWorld *
adit_attack_get_world (AditAttack *self)
{
  return self->world;
}

/**
 * adit_attack_count:
 * @self: a row
 * @n_tried: attempts of which what follows is judged together
 */
void
adit_attack_count (AditAttack *self, guint n_tried)
{
  self->tried += n_tried;
}

/**
 * adit_attack_expect_refused:
 * @self: a row
 * @refused: whether the attempt came to nothing
 * @format: what was tried, for the report
 * @...: for @format
 *
 * Counts one attempt, and fails where it was obeyed.
 */
void
adit_attack_expect_refused (AditAttack *self, gboolean refused, const char *format, ...)
{
  va_list arguments;

  self->tried++;
  if (refused)
    return;
  va_start (arguments, format);
  fail (self, "obeyed", format, arguments);
}

/**
 * adit_attack_expect_obeyed:
 * @self: a row
 * @obeyed: whether the same attempt, without the protection, had its way
 * @format: what was tried, for the report
 * @...: for @format
 *
 * The second half: what cannot see an attack succeed proves nothing by not seeing one.
 */
void
adit_attack_expect_obeyed (AditAttack *self, gboolean obeyed, const char *format, ...)
{
  va_list arguments;

  self->control++;
  if (obeyed)
    return;
  va_start (arguments, format);
  fail (self, "not seen although nothing forbids it", format, arguments);
}

/**
 * adit_attack_rest:
 * @self: a row
 *
 * Starts the helper anew and goes back to where rows begin.
 */
void
adit_attack_rest (AditAttack *self)
{
  adit_world_kill_helper (self->world);
  adit_world_expect_helper (self->world);
  adit_world_expect (self->world, 0, NULL, "disconnect", 0);
  adit_world_expect (self->world, 0, NULL, "lockdown off", 0);
}

static int
get_parent (const char *pid)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "status", NULL), *text = NULL;
  const char *line;

  if (!g_file_get_contents (path, &text, NULL, NULL) || (line = strstr (text, "\nPPid:")) == NULL)
    return 0;
  return atoi (line + strlen ("\nPPid:"));
}

/* Whoever runs @program; the lab's exit runs some of our programs too, so only a child of @parent, unless that is 0. */
static int
find_process (const char *program, int parent)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *link = g_build_filename ("/proc", name, "exe", NULL), *path = g_file_read_link (link, NULL);

      if (atoi (name) > 0 && g_strcmp0 (path, program) == 0 && (parent == 0 || get_parent (name) == parent))
        return atoi (name);
    }
  return 0;
}

/**
 * adit_attack_find_helper:
 *
 * Returns: the helper's process, 0 for none
 */
int
adit_attack_find_helper (void)
{
  return find_process (ADIT_LIBEXECDIR "/aditd", 0);
}

/**
 * adit_attack_find_child:
 * @program: an absolute path
 *
 * Returns: the helper's child that runs it, 0 for none
 */
int
adit_attack_find_child (const char *program)
{
  int helper = adit_attack_find_helper ();

  return helper != 0 ? find_process (program, helper) : 0;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Every file below @path: its name, kind, mode, owner and a digest of what is in it; but not of the log, which tells of what is
 * tried. */
static void
add_files (GString *text, const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *child = g_build_filename (path, names->pdata[i], NULL), *content = NULL, *digest = NULL;
      struct stat status;
      gsize length = 0;

      if (lstat (child, &status) != 0)
        continue;
      if (S_ISREG (status.st_mode) && !g_str_equal (child, LOG) && g_file_get_contents (child, &content, &length, NULL))
        digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) content, length);
      g_string_append_printf (text, "%s %o %u %s\n", child, status.st_mode, status.st_uid, digest != NULL ? digest : "");
      if (S_ISDIR (status.st_mode))
        add_files (text, child);
    }
}

static void
add_output (GString *text, const char *line)
{
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, RUN_MS, (const char *const *) argv, NULL);

  g_string_append (text, result->out);
}

/**
 * adit_attack_dup_picture:
 * @self: a row
 *
 * Returns: (transfer full): all that an attack could have changed: files, rules, routes, devices, the state
 */
char *
adit_attack_dup_picture (AditAttack *self)
{
  static const char *const folders[] = { "/var/lib/adit", "/var/cache/adit", "/etc/adit", "/run/adit", "/run/wireguard" };
  g_autofree char *state = adit_world_get_state (self->world);
  GString *text = g_string_new (state);

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    add_files (text, folders[i]);
  add_output (text, "nft -s list ruleset");
  add_output (text, "ip -o link");
  add_output (text, "ip rule");
  add_output (text, "ip route show table all");
  add_output (text, "cat /etc/resolv.conf");
  return g_string_free (text, FALSE);
}

/**
 * adit_attack_read_memory:
 * @pid: a process
 *
 * Returns: how much of its own memory it holds, in KiB
 */
gsize
adit_attack_read_memory (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", pid), *text = NULL;
  const char *line;

  if (!g_file_get_contents (path, &text, NULL, NULL) || (line = strstr (text, "\nRssAnon:")) == NULL)
    g_error ("process %d tells nothing of its memory", pid);
  return (gsize) g_ascii_strtoull (line + strlen ("\nRssAnon:"), NULL, 10);
}

/**
 * adit_attack_count_descriptors:
 * @pid: a process
 *
 * Returns: how many files it has open
 */
guint
adit_attack_count_descriptors (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd", pid);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

/* --- Rows as tests --------------------------------------------------------------------------------------------------------- */

static AditAttack attack;

static void
test_row (gconstpointer data)
{
  AditFigures figures;

  attack.row = data;
  attack.tried = attack.control = 0;
  attack.row->run (&attack);
  figures = (AditFigures) { attack.row->id, attack.row->title, "attempts", attack.tried, attack.control };
  adit_figures_write (&figures);
}

/**
 * adit_attack_main:
 * @argc: of main()
 * @argv: of main()
 * @flags: what kind of computer it is tried on
 * @rows: the rows
 * @n_rows: how many
 *
 * Makes the world, signs in, and runs each row as a test of its name.
 *
 * Returns: what the program exits with
 */
int
adit_attack_main (int argc, char **argv, AditWorldFlags flags, const AditAttackRow *rows, gsize n_rows)
{
  g_autoptr (GError) error = NULL;
  int failed;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  attack.world = adit_world_new (flags, &error);
  if (attack.world == NULL)
    g_error ("%s", error->message);
  adit_world_expect_helper (attack.world);
  adit_world_expect (attack.world, flags & ADIT_WORLD_POLKIT ? ADIT_WORLD_ALICE_UID : 0, ADIT_WORLD_ACCOUNT "\n",
                     "login mullvad", 0);
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autofree char *path = g_strdup_printf ("/%s", rows[i].id);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  failed = g_test_run ();
  adit_world_free (attack.world);
  return failed;
}
