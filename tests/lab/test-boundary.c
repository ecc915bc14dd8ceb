/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-boundary.c: what the helper owes to people who did not ask: others learn no place, and a
 * helper that cannot start leaves no computer open that was to be locked. */
#include "config.h"
#include "tests/lab/world.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <string.h>

#define WATCHED "/run/lab/watched"

static AditWorld *world;

/* The wish is gone while the connection is still being undone: that moment told everybody its place. */
static void
test_watching_stranger (void)
{
  const char *const argv[] = { g_getenv ("ADIT_PROGRAM"), "watch", "--json", NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *seen = NULL;
  GPid pid = adit_lab_spawn_logged ("client", ADIT_WORLD_BOB_UID, argv, WATCHED, NULL, &error);

  g_assert_no_error (error);
  g_usleep (500000);
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  g_usleep (500000);
  adit_lab_end (pid);
  g_assert_true (g_file_get_contents (WATCHED, &seen, NULL, NULL));
  g_assert_nonnull (strstr (seen, "\"connected\""));
  g_assert_nonnull (strstr (seen, "\"disconnecting\""));
  g_assert_null (strstr (seen, "got"));
  g_assert_null (strstr (seen, ADIT_LAB_GATEWAY));
}

static gboolean
starts (void)
{
  const char *const argv[] = { "timeout", "3", ADIT_LIBEXECDIR "/aditd", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 10000, argv, NULL);

  return result->status == 124;    /* what timeout says of a program that would have gone on */
}

/* As after a reboot: no rules of ours, and a helper that finds this. */
static void
try_broken (const char *breaks, gboolean may_start)
{
  g_autofree char *seen = NULL;

  if (!adit_lab_run_line (NULL, breaks, NULL) || !adit_lab_run_line ("client", "nft flush ruleset", NULL))
    g_error ("%s", breaks);
  g_assert_cmpint (starts (), ==, may_start);
  seen = adit_world_ask_web (world, FALSE);
  g_assert_cmpstr (seen, ==, "");
}

static void
test_cannot_start (void)
{
  g_autofree char *seen = NULL;

  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  (void) adit_world_stop_helper (world);
  g_assert_true (adit_lab_run_line (NULL, "cp -a /var/lib/adit /run/lab/kept", NULL));
  try_broken ("chown " G_STRINGIFY (ADIT_WORLD_BOB_UID) " /var/lib/adit/vault", FALSE);
  try_broken ("chown 0 /var/lib/adit/vault", TRUE);
  try_broken ("sed -i s/format=1/format=9/ /var/lib/adit/settings", FALSE);
  try_broken ("cp -a /run/lab/kept/settings /var/lib/adit/settings", TRUE);
  try_broken ("mv /run/dbus/system_bus_socket /run/dbus/away", FALSE);
  try_broken ("mv /run/dbus/away /run/dbus/system_bus_socket", TRUE);
  try_broken ("chown " G_STRINGIFY (ADIT_WORLD_BOB_UID) " /run/adit", FALSE);
  try_broken ("chown 0 /run/adit", TRUE);
  adit_world_expect (world, 0, NULL, "recover --open", 0);
  seen = adit_world_ask_web (world, FALSE);
  g_assert_cmpstr (seen, ==, ADIT_LAB_ROUTER_ADDRESS);
}

typedef struct { guint n_done, n_busy, n_refused; } Answers;

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answers *answers = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), NULL, result, &error);
  g_autofree char *name = error != NULL ? g_dbus_error_get_remote_error (error) : NULL;

  answers->n_done++;
  answers->n_busy += g_strcmp0 (name, "org.aditvpn.Adit1.Error.Busy") == 0;
  answers->n_refused += g_strcmp0 (name, "org.aditvpn.Adit1.Error.InvalidArgument") == 0;
}

/* @n_calls of GetStatus at once from one caller, each with a descriptor if there are @fds. */
static Answers
call_at_once (guint n_calls, GUnixFDList *fds)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_dbus_connection_new_for_address_sync (
    "unix:path=/run/dbus/system_bus_socket",
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  Answers answers = { 0 };

  g_assert_no_error (error);
  for (guint i = 0; i < n_calls; i++)
    g_dbus_connection_call_with_unix_fd_list (bus, "org.aditvpn.Adit1", "/org/aditvpn/Adit1", "org.aditvpn.Adit1",
                                              "GetStatus", g_variant_new_parsed ("(@a{sv} {},)"), NULL,
                                              G_DBUS_CALL_FLAGS_NONE, 20000, fds, NULL,
                                              on_answer, &answers);
  while (answers.n_done < n_calls)
    g_main_context_iteration (NULL, TRUE);
  return answers;
}

/* Nobody gets to keep many calls or any stray descriptor waiting, and everybody is answered. */
static void
test_flood (void)
{
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1);
  Answers one = call_at_once (1, NULL), flood = call_at_once (2000, NULL), stray = call_at_once (5, fds);

  g_assert_cmpuint (one.n_busy + one.n_refused, ==, 0);
  g_assert_cmpuint (flood.n_busy, >, 0);
  g_assert_cmpuint (flood.n_busy, <, 2000);
  g_assert_cmpuint (stray.n_refused, ==, 5);
  adit_world_expect (world, 0, NULL, "status", 0);
}

int
main (int argc, char **argv)
{
  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_PLAIN);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  adit_world_expect (world, 0, NULL, "locations", 0);
  g_test_add_func ("/boundary/watching-stranger", test_watching_stranger);
  g_test_add_func ("/boundary/flood", test_flood);
  g_test_add_func ("/boundary/cannot-start", test_cannot_start);
  return adit_world_end_test (world);
}
