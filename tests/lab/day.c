/* SPDX-License-Identifier: GPL-2.0-or-later */
/* day.c: the bus is listened to as a whole, processes are looked at all the time, and folders get a layer of their own, so that
 * what is new there is what was written today. */
#include "config.h"
#include "tests/lab/day.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define WRONG_ACCOUNT "9876543210987654"
#define HOME          "/home/7351-somebody"
#define HOST_NAME     "hostname-7351"
#define CONFIGURATION "/run/lab/imported.conf"
#define VISITED       "visited-7351.example"
#define STATE_MS      20000
#define LOOK_US       1500

struct _AditDay
{
  AditAttack      *attack;
  AditCanaries    *canaries;
  GString         *said;            /* by the command line, on both outputs */
  GDBusConnection *monitor;
  GMutex           lock;            /* of what the two other threads gather */
  GByteArray      *bus;
  GHashTable      *command_lines;   /* each with its environment, once */
  GThread         *looker;
  gint             looking;
};

/* The world's own, and those that are laid over the rest below. */
static const AditDayLayer layers[] = {
  { "/run/lab/overlay-0/upper", "/etc" },     { "/run/lab/overlay-1/upper", "/usr/local" },
  { "/run/lab/overlay-3/upper", "/var/lib" }, { "/run/lab/overlay-4/upper", "/var/cache" },
  { "/run/lab/day-0/upper", "/tmp" },         { "/run/lab/day-1/upper", "/home" },
  { "/run/lab/day-2/upper", "/root" },        { "/run/lab/day-3/upper", "/var/tmp" },
  { "/run/lab/day-4/upper", "/var/log" },     { "/run/lab/day-5/upper", "/var/spool" },
  { "/run/lab/day-6/upper", "/srv" },         { "/run/lab/day-7/upper", "/opt" },
  { "/dev/shm", "/dev/shm" },                 { "/run", "/run" },
};

/**
 * adit_day_get_layers:
 * @n_layers: (out): how many there are
 *
 * Returns: (transfer none): where what is written today lies
 */
const AditDayLayer *
adit_day_get_layers (guint *n_layers)
{
  *n_layers = G_N_ELEMENTS (layers);
  return layers;
}

static void
lay_over (const char *folder, const char *layer)
{
  g_autofree char *work = g_strconcat (layer, "-work", NULL);
  g_autofree char *options = g_strdup_printf ("lowerdir=%s,upperdir=%s,workdir=%s", folder, layer, work);

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    return;
  g_assert_cmpint (g_mkdir_with_parents (layer, 0755), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (work, 0755), ==, 0);
  if (mount ("overlay", folder, "overlay", 0, options) != 0)
    g_error ("no layer over %s: %s", folder, g_strerror (errno));
}

/**
 * adit_day_prepare:
 *
 * Once in the world, before its first day.
 */
void
adit_day_prepare (void)
{
  const char *figures = g_getenv ("ADIT_LEAK_DIR");
  int kept = -1;

  /* What the test itself leaves has to stay when the layers go. */
  if (figures != NULL && g_mkdir_with_parents (figures, 0755) == 0)
    kept = open (figures, O_PATH | O_CLOEXEC);
  for (guint i = 0; i < G_N_ELEMENTS (layers); i++)
    if (strstr (layers[i].layer, "/day-") != NULL)
      lay_over (layers[i].folder, layers[i].layer);
  g_assert_cmpint (mount ("tmpfs", "/dev/shm", "tmpfs", 0, NULL), ==, 0);
  if (kept >= 0)
    {
      g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", kept);

      g_assert_cmpint (mount (link, figures, NULL, MS_BIND, NULL), ==, 0);
      close (kept);
    }
  g_assert_cmpint (sethostname (HOST_NAME, strlen (HOST_NAME)), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (HOME, 0700), ==, 0);
}

/* --- What is gathered ------------------------------------------------------------------------------------------------------- */

static GDBusMessage *
on_message (GDBusConnection *bus, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  AditDay *self = user_data;
  g_autofree guchar *blob = NULL;
  gsize length;

  if (!incoming)
    return message;
  blob = g_dbus_message_to_blob (message, &length, G_DBUS_CAPABILITY_FLAGS_UNIX_FD_PASSING, NULL);
  g_mutex_lock (&self->lock);
  if (blob != NULL)
    g_byte_array_append (self->bus, blob, (guint) length);
  g_mutex_unlock (&self->lock);
  g_object_unref (message);    /* nobody here answers it */
  return NULL;
}

static void
listen_to_bus (AditDay *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;

  self->monitor = g_dbus_connection_new_for_address_sync (
    "unix:path=/run/dbus/system_bus_socket",
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (self->monitor, FALSE);
  answer = g_dbus_connection_call_sync (self->monitor, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                        "org.freedesktop.DBus.Monitoring", "BecomeMonitor", g_variant_new ("(asu)", NULL, 0u),
                                        NULL, G_DBUS_CALL_FLAGS_NONE, 5000, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_add_filter (self->monitor, on_message, self, NULL);
}

static gboolean
is_ours (const char *program)
{
  return program != NULL &&
         (g_str_equal (program, g_getenv ("ADIT_PROGRAM")) || g_str_has_prefix (program, ADIT_LIBEXECDIR "/") ||
          g_str_equal (program, ADIT_WIREGUARD_GO));
}

/* The command line of anybody, since all can read them; the environment of none but ours. */
static void
look_at (AditDay *self, const char *pid)
{
  static const char *const what[] = { "cmdline", "environ" };
  g_autofree char *link = g_build_filename ("/proc", pid, "exe", NULL), *program = g_file_read_link (link, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (what) && is_ours (program); i++)
    {
      g_autofree char *path = g_build_filename ("/proc", pid, what[i], NULL), *text = NULL;
      gsize length;

      if (!g_file_get_contents (path, &text, &length, NULL))
        continue;
      for (gsize j = 0; j < length; j++)
        if (text[j] == '\0')
          text[j] = '\n';
      g_mutex_lock (&self->lock);
      g_hash_table_add (self->command_lines, g_strconcat (program, ": ", text, NULL));
      g_mutex_unlock (&self->lock);
    }
}

static gpointer
look_all_the_time (gpointer data)
{
  AditDay *self = data;

  while (g_atomic_int_get (&self->looking))
    {
      g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
      const char *name;

      while ((name = g_dir_read_name (processes)) != NULL)
        if (atoi (name) > 1)
          look_at (self, name);
      g_usleep (LOOK_US);
    }
  return NULL;
}

/**
 * adit_day_new:
 * @attack: where it is lived
 *
 * Returns: (transfer full): a day that has not begun
 */
AditDay *
adit_day_new (AditAttack *attack)
{
  AditDay *self = g_new0 (AditDay, 1);

  self->attack = attack;
  self->said = g_string_new (NULL);
  self->bus = g_byte_array_new ();
  self->command_lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init (&self->lock);
  self->canaries = adit_canaries_new ();
  adit_canaries_add_text (self->canaries, "the account number", ADIT_WORLD_ACCOUNT);
  adit_canaries_add_text (self->canaries, "a wrong account number", WRONG_ACCOUNT);
  adit_canaries_add_text (self->canaries, "the person's folder", HOME);
  adit_canaries_add_text (self->canaries, "the computer's name", HOST_NAME);
  adit_canaries_add_text (self->canaries, "a visited name", VISITED);
  listen_to_bus (self);
  g_atomic_int_set (&self->looking, 1);
  self->looker = g_thread_new ("looker", look_all_the_time, self);
  return self;
}

/**
 * adit_day_free:
 * @self: (transfer full): a day
 */
void
adit_day_free (AditDay *self)
{
  g_atomic_int_set (&self->looking, 0);
  g_thread_join (self->looker);
  g_dbus_connection_close_sync (self->monitor, NULL, NULL);
  g_object_unref (self->monitor);
  g_byte_array_unref (self->bus);
  g_hash_table_unref (self->command_lines);
  g_string_free (self->said, TRUE);
  adit_canaries_free (self->canaries);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * adit_day_get_attack:
 * @self: a day
 *
 * Returns: (transfer none): where it is lived
 */
AditAttack *
adit_day_get_attack (AditDay *self)
{
  return self->attack;
}

/**
 * adit_day_get_canaries:
 * @self: a day
 *
 * Returns: (transfer none): the secrets of which it has come to know
 */
AditCanaries *
adit_day_get_canaries (AditDay *self)
{
  return self->canaries;
}

/**
 * adit_day_get_said:
 * @self: a day
 *
 * Returns: (transfer none): what the command line said, on both outputs
 */
GString *
adit_day_get_said (AditDay *self)
{
  return self->said;
}

/**
 * adit_day_copy_bus:
 * @self: a day
 *
 * Returns: (transfer full): each message that went over the bus, byte for byte
 */
GByteArray *
adit_day_copy_bus (AditDay *self)
{
  GByteArray *copy = g_byte_array_new ();

  g_mutex_lock (&self->lock);
  g_byte_array_append (copy, self->bus->data, self->bus->len);
  g_mutex_unlock (&self->lock);
  return copy;
}

/**
 * adit_day_dup_command_lines:
 * @self: a day
 * @n_seen: (out): how many different ones
 *
 * Returns: (transfer full): with what our programs were started
 */
char *
adit_day_dup_command_lines (AditDay *self, guint *n_seen)
{
  GString *text = g_string_new (NULL);
  GHashTableIter iter;
  const char *line;

  g_mutex_lock (&self->lock);
  *n_seen = g_hash_table_size (self->command_lines);
  g_hash_table_iter_init (&iter, self->command_lines);
  while (g_hash_table_iter_next (&iter, (gpointer *) &line, NULL))
    g_string_append_printf (text, "%s\n", line);
  g_mutex_unlock (&self->lock);
  return g_string_free (text, FALSE);
}

/* --- Secrets that are made during the day ----------------------------------------------------------------------------------- */

static char *
dup_output (const char *line)
{
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, (const char *const *) argv, NULL);

  return g_strdup (result->out);
}

static void
learn_addresses (AditDay *self)
{
  static const struct { const char *line, *word; } families[] = {
    { "ip -4 -o addr show dev adit0 scope global", "inet " }, { "ip -6 -o addr show dev adit0 scope global", "inet6 " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_autofree char *text = dup_output (families[i].line), *address = NULL;
      const char *word = strstr (text, families[i].word);

      g_assert_nonnull (word);
      word += strlen (families[i].word);
      address = g_strndup (word, strcspn (word, "/ "));
      adit_canaries_add_text (self->canaries, "the tunnel's address", address);
    }
}

/* Of wireguard-go, which tells root. */
static void
learn_key (AditDay *self)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/run/wireguard/adit0.sock" };
  static const char question[] = "get=1\n\n", field[] = "private_key=";
  char answer[4096] = "";
  guint8 key[32];
  const char *hex;
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (write (fd, question, strlen (question)), ==, (int) strlen (question));
  g_assert_cmpint (read (fd, answer, sizeof answer - 1), >, 0);
  close (fd);
  hex = strstr (answer, field);
  g_assert_nonnull (hex);
  hex += strlen (field);
  for (guint i = 0; i < sizeof key; i++)
    key[i] = (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
  adit_canaries_add_key (self->canaries, "the private key", key, sizeof key);
}

/* The token stands in the vault, which is where it may. */
static void
learn_token (AditDay *self)
{
  g_autoptr (GDir) vault = g_dir_open ("/var/lib/adit/vault", 0, NULL);
  g_autofree char *path = g_build_filename ("/var/lib/adit/vault", g_dir_read_name (vault), NULL), *record = NULL;
  const char *token;
  gsize length;

  g_assert_true (g_file_get_contents (path, &record, &length, NULL));
  token = memmem (record, length, "mva_", 4);
  g_assert_nonnull (token);
  adit_canaries_add_text (self->canaries, "the token", token);
  g_assert_nonnull (adit_canaries_find (self->canaries, record, length));    /* the account number too, as it is */
}

/* A configuration that somebody imports, with a key that is made now. */
static void
write_configuration (AditDay *self)
{
  guint8 key[32];
  g_autofree char *text = NULL, *private_key = NULL;

  for (guint i = 0; i < sizeof key; i++)
    key[i] = (guint8) g_random_int ();
  private_key = g_base64_encode (key, sizeof key);
  text = g_strdup_printf ("[Interface]\nPrivateKey = %s\nAddress = 10.64.0.2\nPostUp = id\n[Peer]\n"
                          "PublicKey = AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\nAllowedIPs = 0.0.0.0/0\n"
                          "Endpoint = 192.0.2.10:51820\n", private_key);
  g_assert_true (g_file_set_contents (CONFIGURATION, text, -1, NULL));
  adit_canaries_add_key (self->canaries, "the imported key", key, sizeof key);
}

/* --- The day ---------------------------------------------------------------------------------------------------------------- */

static void
type (AditDay *self, const char *input, const char *line, int status)
{
  static const char *const environment[] = { "HOME=" HOME, "XDG_CONFIG_HOME=" HOME "/.config", "ADIT_DEBUG=all", NULL };
  AditWorld *world = adit_attack_get_world (self->attack);
  g_autoptr (AditLabResult) result = adit_world_adit_with (world, 0, environment, input, line);

  g_string_append_printf (self->said, "$ adit %s\n%s%s", line, result->out, result->err);
  if (result->status == status)
    return;
  adit_world_print_log (world);
  g_error ("adit %s: exit %d, not %d\n%s%s", line, result->status, status, result->out, result->err);
}

static void
wait_connected (AditDay *self)
{
  g_assert_true (adit_world_wait_state (adit_attack_get_world (self->attack), "connected", STATE_MS));
}

/**
 * adit_day_live:
 * @self: a day
 * @step: called where something can be looked at, with what the computer is like then
 * @user_data: for @step
 *
 * Begins with a computer that has never had a helper, and ends with nobody signed in.
 */
void
adit_day_live (AditDay *self, AditDayStep step, gpointer user_data)
{
  AditWorld *world = adit_attack_get_world (self->attack);

  adit_world_kill_helper (world);
  g_assert_true (adit_lab_run_line (NULL, "rm -rf /var/lib/adit /var/cache/adit /run/adit /etc/adit/lockdown "
                                    "/run/wireguard/adit0.sock", NULL));
  step (self, "before", user_data);
  adit_world_expect_helper (world);
  step (self, "started", user_data);
  type (self, WRONG_ACCOUNT "\n", "login mullvad", 6);
  type (self, "1234 5678\n", "login mullvad --json", 6);
  type (self, "1234 5678 9012 3456\n", "login mullvad", 0);
  type (self, NULL, "locations --search goth", 0);
  type (self, NULL, "account", 0);
  learn_token (self);
  write_configuration (self);
  type (self, NULL, "import " CONFIGURATION, 0);
  type (self, NULL, "import " CONFIGURATION " --json", 0);
  type (self, NULL, "profiles", 0);
  type (self, NULL, "profiles remove imported", 0);
  step (self, "signed-in", user_data);
  type (self, NULL, "connect se-got --wait", 0);
  learn_addresses (self);
  learn_key (self);
  g_free (adit_world_look_up (world, VISITED));
  g_free (adit_world_ask_web (world, FALSE));
  type (self, NULL, "status", 0);
  type (self, NULL, "status --json", 0);
  step (self, "connected", user_data);
  type (self, NULL, "connect se-sto --wait", 0);
  type (self, NULL, "account --refresh --json", 0);
  adit_world_kill_helper (world);
  step (self, "killed", user_data);
  adit_world_expect_helper (world);
  wait_connected (self);
  type (self, NULL, "reconnect --wait", 0);
  type (self, NULL, "lockdown on", 0);
  type (self, NULL, "diagnose", 0);
  type (self, NULL, "diagnose --log", 0);
  step (self, "locked", user_data);
  type (self, NULL, "disconnect", 0);
  type (self, NULL, "connect xx-nowhere", 4);
  step (self, "disconnected-locked", user_data);
  type (self, NULL, "lockdown off", 0);
  type (self, NULL, "profiles remove 'imported 2'", 0);
  type (self, NULL, "logout", 0);
  type (self, NULL, "connect", 4);
  type (self, NULL, "diagnose --log --json", 0);
  step (self, "signed-out", user_data);
}
