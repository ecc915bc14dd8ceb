/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-secrets.c: rows of the catalogue about secrets: after a whole day, with every topic logged, everything that was written is
 * searched for them; and what was written is exactly what data/INVENTORY.md says. */
#include "config.h"
#include "tests/lab/day.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PLANTED "/tmp/planted"

/* --- Looking through files -------------------------------------------------------------------------------------------------- */

typedef void (*FileSeen) (const char *layer_path, const char *path, const struct stat *status, gpointer user_data);

static void
walk (const char *layer_path, const char *path, FileSeen seen, gpointer user_data)
{
  g_autoptr (GDir) folder = g_dir_open (layer_path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *layer_child = g_build_filename (layer_path, name, NULL), *child = g_build_filename (path, name, NULL);
      struct stat status;

      /* Of the lab itself: its layers, which are looked at as the folders that they are, and its logs, which are so apart. */
      if (g_str_equal (child, "/run/lab") || g_str_equal (child, "/run/netns") || lstat (layer_child, &status) != 0)
        continue;
      if (S_ISDIR (status.st_mode))
        walk (layer_child, child, seen, user_data);
      else
        seen (layer_child, child, &status, user_data);
    }
}

static void
walk_all (FileSeen seen, gpointer user_data)
{
  guint n_layers;
  const AditDayLayer *layers = adit_day_get_layers (&n_layers);

  for (guint i = 0; i < n_layers; i++)
    walk (layers[i].layer, layers[i].folder, seen, user_data);
}

/* --- C02: secrets in what was written --------------------------------------------------------------------------------------- */

/* What data/INVENTORY.md says to hold a secret, and the lab's own name server, which is asked for names. */
static gboolean
may_hold (const char *path, const char *canary)
{
  return g_str_has_prefix (path, "/var/lib/adit/vault/") ||
         (g_str_has_prefix (path, "/var/lib/adit/profiles/") && g_str_has_prefix (canary, "the imported key")) ||
         (g_str_equal (path, "/run/adit/journal") && g_str_has_prefix (canary, "the tunnel's address")) ||
         (g_str_has_prefix (path, "/run/adit-lab-dns") && g_str_has_prefix (canary, "a visited name"));
}

typedef struct { AditDay *day; const char *what; char *found; guint n_files; } Search;

static void
search_file (const char *layer_path, const char *path, const struct stat *status, gpointer user_data)
{
  Search *search = user_data;
  AditCanaries *canaries = adit_day_get_canaries (search->day);
  g_autofree char *content = NULL;
  const char *canary;
  gsize length;

  if (!S_ISREG (status->st_mode) || !g_file_get_contents (layer_path, &content, &length, NULL))
    return;
  search->n_files++;
  canary = adit_canaries_find (canaries, content, length);
  if (canary == NULL)
    canary = adit_canaries_find (canaries, path, strlen (path));
  if (canary != NULL && !may_hold (path, canary) && search->found == NULL)
    search->found = g_strdup_printf ("%s holds %s", path, canary);
}

/* (transfer full) (nullable): which file holds what */
static char *
search_files (AditDay *day, guint *n_files)
{
  Search search = { .day = day };

  walk_all (search_file, &search);
  *n_files = search.n_files;
  return search.found;
}

static void
expect_silent (AditDay *day, const char *what, const char *where, const void *bytes, gsize length)
{
  const char *canary = adit_canaries_find (adit_day_get_canaries (day), bytes, length);

  adit_attack_expect_refused (adit_day_get_attack (day), canary == NULL, "%s: %s: %s", what, where, canary);
}

static void
look_everywhere (AditDay *day, const char *what, gpointer user_data)
{
  AditAttack *attack = adit_day_get_attack (day);
  g_autofree char *log = adit_world_dup_log (adit_attack_get_world (attack)), *found = NULL, *lines = NULL;
  g_autoptr (GByteArray) bus = adit_day_copy_bus (day);
  guint n;

  expect_silent (day, what, "the log of all programs", log, strlen (log));
  expect_silent (day, what, "the bus", bus->data, bus->len);
  expect_silent (day, what, "the command line's words", adit_day_get_said (day)->str, adit_day_get_said (day)->len);
  found = search_files (day, &n);
  adit_attack_count (attack, n);
  adit_attack_expect_refused (attack, found == NULL, "%s: %s", what, found);
}

/* Each spelling, put where the search must find it. */
static void
plant (AditDay *day)
{
  AditAttack *attack = adit_day_get_attack (day);
  AditCanaries *canaries = adit_day_get_canaries (day);

  for (guint i = 0; i < adit_canaries_count (canaries); i++)
    {
      g_autoptr (GByteArray) junk = g_byte_array_new ();
      g_autofree char *found = NULL;
      gconstpointer bytes;
      gsize length;
      const char *name = adit_canaries_get (canaries, i, &bytes, &length);
      guint n;

      g_byte_array_append (junk, (const guint8 *) "\0some words\xff", 12);
      g_byte_array_append (junk, bytes, (guint) length);
      g_byte_array_append (junk, (const guint8 *) "\0and more\n", 10);
      g_assert_true (g_file_set_contents (PLANTED, (const char *) junk->data, junk->len, NULL));
      found = search_files (day, &n);
      adit_attack_expect_obeyed (attack, found != NULL && g_str_has_prefix (found, PLANTED), "%s is not found: %s", name, found);
    }
  g_assert_cmpint (unlink (PLANTED), ==, 0);
}

static void
plant_on_bus (AditDay *day)
{
  const char *const argv[] = { "dbus-send", "--system", "/", "org.example.Planted", "string:" ADIT_WORLD_ACCOUNT, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);
  const char *found = NULL;

  g_assert_cmpint (result->status, ==, 0);
  for (guint i = 0; i < 200 && found == NULL; i++)
    {
      g_autoptr (GByteArray) bus = adit_day_copy_bus (day);

      found = adit_canaries_find (adit_day_get_canaries (day), bus->data, bus->len);
      g_usleep (10000);
    }
  adit_attack_expect_obeyed (adit_day_get_attack (day), found != NULL, "the account number on the bus");
}

static void
prepare_once (void)
{
  static gboolean prepared;

  if (!prepared)
    adit_day_prepare ();
  prepared = TRUE;
}

static void
end_day (AditDay *day)
{
  AditAttack *attack = adit_day_get_attack (day);

  adit_day_free (day);
  adit_world_expect (adit_attack_get_world (attack), 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
}

static void
row_c02 (AditAttack *attack)
{
  AditDay *day;
  g_autofree char *log = NULL;

  prepare_once ();
  day = adit_day_new (attack);
  adit_day_live (day, look_everywhere, NULL);
  log = adit_world_dup_log (adit_attack_get_world (attack));
  g_assert_nonnull (strstr (log, "aditd: session: connected"));    /* with every topic: what was searched is not nothing */
  plant (day);
  plant_on_bus (day);
  end_day (day);
}

/* --- C09: command lines, environments, what a crash would leave ------------------------------------------------------------- */

static gboolean
has_no_core (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/limits", pid), *limits = NULL;
  unsigned long soft = 9, hard = 9;
  const char *line;

  if (!g_file_get_contents (path, &limits, NULL, NULL) || (line = strstr (limits, "Max core file size")) == NULL)
    return FALSE;
  return sscanf (line + strlen ("Max core file size"), "%lu %lu", &soft, &hard) == 2 && soft == 1 && hard == 1;
}

static void
look_at_processes (AditDay *day, const char *what, gpointer user_data)
{
  AditAttack *attack = adit_day_get_attack (day);
  gboolean connected = g_str_equal (what, "connected") || g_str_equal (what, "locked");
  int processes[] = { adit_attack_find_helper (), adit_attack_find_child (ADIT_WIREGUARD_GO) };
  guint n;
  g_autofree char *lines = adit_day_dup_command_lines (day, &n);
  g_auto (GStrv) each = g_strsplit (lines, "\n", -1);

  adit_attack_count (attack, n);
  g_assert_true (!connected || (processes[0] != 0 && processes[1] != 0));
  /* A limit of 1 also means "to no program of a core pattern", which 0 does not. */
  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    if (processes[i] != 0)
      adit_attack_expect_refused (attack, has_no_core (processes[i]), "%s: %s would leave a core", what,
                                  i == 0 ? "the helper" : ADIT_WIREGUARD_GO);
  for (guint i = 0; each[i] != NULL; i++)
    if (strstr (each[i], "HOME") == NULL)    /* what a person's shell tells the command line */
      expect_silent (day, what, "a command line or an environment", each[i], strlen (each[i]));
}

static void
row_c09 (AditAttack *attack)
{
  AditDay *day;
  g_autofree char *lines = NULL;
  gboolean seen = FALSE;
  guint n;

  prepare_once ();
  day = adit_day_new (attack);
  adit_day_live (day, look_at_processes, NULL);
  lines = adit_day_dup_command_lines (day, &n);
  g_assert_nonnull (strstr (lines, ADIT_LIBEXECDIR "/adit-worker: "));
  g_assert_nonnull (strstr (lines, ADIT_WIREGUARD_GO ": "));
  g_assert_nonnull (strstr (lines, "\nlogin\n"));
  for (guint i = 0; i < 200 && !seen; i++)
    {
      g_autoptr (AditLabResult) result = adit_world_adit (adit_attack_get_world (attack), 0, NULL, "status " ADIT_WORLD_ACCOUNT);
      g_autofree char *now = adit_day_dup_command_lines (day, &n);

      g_assert_cmpint (result->status, ==, 2);
      seen = adit_canaries_find (adit_day_get_canaries (day), now, strlen (now)) != NULL;
    }
  adit_attack_expect_obeyed (attack, seen, "the account number on a command line");
  adit_attack_expect_obeyed (attack, !has_no_core (getpid ()), "a process with a core: this test's own");
  end_day (day);
}

/* --- C02-inventory: the list of files --------------------------------------------------------------------------------------- */

typedef enum
{
  BEFORE = 1 << 0, STARTED = 1 << 1, SIGNED_IN = 1 << 2, CONNECTED = 1 << 3, KILLED = 1 << 4, LOCKED = 1 << 5,
  LOCKED_APART = 1 << 6, SIGNED_OUT = 1 << 7,
} State;

static const struct { const char *name; State state; } states[] = {
  { "before", BEFORE }, { "started", STARTED }, { "signed-in", SIGNED_IN }, { "connected", CONNECTED }, { "killed", KILLED },
  { "locked", LOCKED }, { "disconnected-locked", LOCKED_APART }, { "signed-out", SIGNED_OUT },
};

#define UP      (CONNECTED | KILLED | LOCKED)
#define KNOWN   (SIGNED_IN | UP | LOCKED_APART)
#define RUNNING (STARTED | KNOWN | SIGNED_OUT)

/* When each row of data/INVENTORY.md is there; a row that is missing here, or there, fails. */
static const struct { const char *path; guint must, may; } expected[] = {
  { "/var/lib/adit/settings", RUNNING, 0 },
  { "/var/lib/adit/wanted", RUNNING, 0 },
  { "/var/lib/adit/names", 0, 0 },    /* no file of the day has a server by name: test-names.c, test-imported.c */
  { "/var/lib/adit/networks", 0, 0 },    /* nobody makes a rule: test-networks.c */
  { "/var/lib/adit/vault/<uuid>", KNOWN, 0 },
  { "/var/lib/adit/profiles/<uuid>", KNOWN, 0 },
  { "/var/lib/adit/profiles/<uuid>.login", 0, 0 },    /* nor asks for a login */
  { "/var/lib/adit/reports/helper.note", RUNNING, 0 },
  { "/var/lib/adit/reports/helper.former", 0, 0 },    /* nothing crashes: leak-crash.c */
  { "/var/lib/adit/reports/<id>", 0, 0 },             /* nor is anything reported */
  { "/var/lib/adit/reports/<uid>.person", 0, 0 },
  { "/run/adit/report-limits", 0, 0 },
  { "/var/cache/adit/<service>.api", 0, 0 },        /* the lab's administrator says where the services are: test-blocked.c */
  { "/var/cache/adit/<service>.servers", KNOWN, SIGNED_OUT },
  { "/run/adit/lock", RUNNING, 0 },
  { "/run/adit/journal", UP, 0 },
  { "/run/adit/confirm", 0, 0 },    /* over the network alone: leak-people.c */
  { "/run/adit/started", RUNNING, 0 },
  { "/run/adit/pause", 0, 0 },      /* while it lasts: test-pause.c */
  { "/run/adit/kept", 0, 0 },
  { "/run/adit/here", 0, 0 },
  { "/run/adit/log", RUNNING, 0 },
  { "/run/adit/log.former", 0, 0 },
  { "/run/adit/openvpn.sock", 0, 0 },
  { "/etc/adit/lockdown", LOCKED | LOCKED_APART, 0 },
  { "/etc/adit/connect-at-boot", UP, 0 },
  { "/etc/adit/services.conf", RUNNING | BEFORE, 0 },
  { "/etc/adit/report.conf", 0, 0 },    /* the lab has none */
  { "/run/NetworkManager/conf.d/adit-while-locked.conf", 0, 0 },       /* leak-network.c */
  { "/run/NetworkManager/conf.d/adit-while-connected.conf", 0, 0 },    /* leak-dns-networkmanager.c */
  { "/etc/resolv.conf", RUNNING | BEFORE, 0 },
  { "/etc/resolv.conf.before-adit", UP, 0 },
  { "/etc/resolv.conf.none-before-adit", 0, 0 },
  { "/run/wireguard/adit0.sock", CONNECTED | LOCKED, KILLED },
};

typedef struct { char *path, *mode; GRegex *pattern; guint n_seen; } Listed;
typedef struct { GPtrArray *listed; GHashTable *before; GString *faults; guint n_files; } Inventory;

static void
listed_free (gpointer data)
{
  Listed *self = data;

  g_free (self->path);
  g_free (self->mode);
  g_regex_unref (self->pattern);
  g_free (self);
}

static GPtrArray *
read_inventory (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("ADIT_LAB_DATA"), "INVENTORY.md", NULL), *text = NULL;
  g_autoptr (GRegex) row = g_regex_new ("^\\| `(/[^`]+)`(?: \\((0[0-7]{3})[^)]*\\))? \\|", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  GPtrArray *listed = g_ptr_array_new_with_free_func (listed_free);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (g_regex_match (row, text, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      Listed *one = g_new0 (Listed, 1);
      g_autoptr (GString) pattern = NULL;
      g_autofree char *escaped = NULL;

      one->path = g_match_info_fetch (match, 1);
      one->mode = g_match_info_fetch (match, 2);
      escaped = g_regex_escape_string (one->path, -1);
      pattern = g_string_new (escaped);
      g_string_replace (pattern, "<uuid>", "[0-9a-f-]{36}", 0);
      g_string_replace (pattern, "<service>", "[a-z]+", 0);
      g_string_replace (pattern, "<id>", "[0-9a-f]{32}", 0);
      g_string_replace (pattern, "<uid>", "[0-9]+", 0);
      g_string_prepend_c (pattern, '^');
      g_string_append_c (pattern, '$');
      one->pattern = g_regex_new (pattern->str, 0, 0, NULL);
      g_assert_nonnull (one->pattern);
      g_ptr_array_add (listed, one);
    }
  return listed;
}

static void
note_file (const char *layer_path, const char *path, const struct stat *status, gpointer user_data)
{
  Inventory *self = user_data;
  g_autofree char *mode = g_strdup_printf ("%04o", status->st_mode & 07777);

  self->n_files++;
  for (guint i = 0; i < self->listed->len; i++)
    {
      Listed *one = self->listed->pdata[i];

      if (!g_regex_match (one->pattern, path, 0, NULL))
        continue;
      one->n_seen++;
      if (one->mode[0] != '\0' && !S_ISCHR (status->st_mode) && !g_str_equal (one->mode, mode))
        g_string_append_printf (self->faults, "%s has mode %s; ", path, mode);
      /* A layer marks what was removed by a character device. */
      if (S_ISCHR (status->st_mode))
        one->n_seen--;
      return;
    }
  if (!S_ISCHR (status->st_mode) && !g_hash_table_contains (self->before, path))
    g_string_append_printf (self->faults, "%s is not listed; ", path);
}

static void
remember_file (const char *layer_path, const char *path, const struct stat *status, gpointer user_data)
{
  g_hash_table_add (user_data, g_strdup (path));
}

static void
take_stock (Inventory *self)
{
  g_string_truncate (self->faults, 0);
  self->n_files = 0;
  for (guint i = 0; i < self->listed->len; i++)
    ((Listed *) self->listed->pdata[i])->n_seen = 0;
  walk_all (note_file, self);
}

static void
compare (AditDay *day, const char *what, gpointer user_data)
{
  Inventory *self = user_data;
  AditAttack *attack = adit_day_get_attack (day);
  guint state = 0;

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i].name, what))
      state = states[i].state;
  g_assert_cmpuint (state, !=, 0);
  if (state == BEFORE)
    walk_all (remember_file, self->before);
  take_stock (self);
  adit_attack_count (attack, self->n_files);
  adit_attack_expect_refused (attack, self->faults->len == 0, "%s: %s", what, self->faults->str);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      Listed *one = self->listed->pdata[i];
      gboolean must = (expected[i].must & state) != 0, may = must || (expected[i].may & state) != 0;

      adit_attack_expect_refused (attack, must ? one->n_seen == 1 : may || one->n_seen == 0, "%s: %s is there %u times", what,
                                  one->path, one->n_seen);
    }
}

static void
row_c02_inventory (AditAttack *attack)
{
  Inventory inventory = { read_inventory (), g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                          g_string_new (NULL), 0 };
  AditDay *day;

  g_assert_cmpuint (inventory.listed->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (((Listed *) inventory.listed->pdata[i])->path, ==, expected[i].path);
  prepare_once ();
  day = adit_day_new (attack);
  adit_day_live (day, compare, &inventory);

  g_assert_true (g_file_set_contents ("/var/lib/adit/unlisted", "", 0, NULL));
  g_assert_cmpint (chmod ("/var/lib/adit/wanted", 0644), ==, 0);
  take_stock (&inventory);
  adit_attack_expect_obeyed (attack, strstr (inventory.faults->str, "unlisted is not listed") != NULL, "an unlisted file");
  adit_attack_expect_obeyed (attack, strstr (inventory.faults->str, "wanted has mode 0644") != NULL, "another mode");
  g_assert_cmpint (chmod ("/var/lib/adit/wanted", 0600), ==, 0);
  g_assert_cmpint (unlink ("/var/lib/adit/unlisted"), ==, 0);
  end_day (day);
  g_ptr_array_unref (inventory.listed);
  g_hash_table_unref (inventory.before);
  g_string_free (inventory.faults, TRUE);
}

static const AditAttackRow rows[] = {
  { "C02", "secrets in everything that was written on a whole day, in every spelling", row_c02 },
  { "C02-inventory", "files that data/INVENTORY.md does not list, in each state", row_c02_inventory },
  { "C09", "secrets on command lines, in environments and cores", row_c09 },
};

int
main (int argc, char **argv)
{
  return adit_attack_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
