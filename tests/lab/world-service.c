/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world-service.c: the simulated service, its certificate, and the keys that it gives to its exits. */
#include "config.h"
#include "tests/lab/world-private.h"

#include <unistd.h>

#define PKI       ADIT_WORLD_PKI
#define FAULT     ADIT_WORLD_DIRECTORY "/fault"
#define API_HOST  "api.mullvad.net"
#define EXIT_HOST "ipv4.am.i.mullvad.net"    /* the same computer in the lab */
#define OTHERS    "DNS:api.ivpn.net,DNS:www.ovpn.com,DNS:status.ovpn.com,DNS:api.mysteriumvpn.com,DNS:app.mysteriumvpn.com"

gboolean
adit_world_make_pki (GError **error)
{
  static const char *const lines[] = {
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=The lab'"
    " -keyout " PKI "/ca.key -out " PKI "/ca.pem",
    "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=" API_HOST "'"
    " -addext 'subjectAltName=DNS:" API_HOST ",DNS:" EXIT_HOST ",DNS:" ADIT_LAB_DOH_HOST "," OTHERS "'"
    " -keyout " PKI "/service.key -out " PKI "/service.csr",
    "openssl x509 -req -in " PKI "/service.csr -CA " PKI "/ca.pem -CAkey " PKI "/ca.key -CAcreateserial -days 2"
    " -copy_extensions copy -out " PKI "/service.pem",
  };

  adit_world_make_directory (PKI);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (!adit_lab_run_line (NULL, lines[i], error))
      return FALSE;
  adit_world_copy_file (PKI "/ca.pem", "/etc/adit/lab-ca.pem", 0644);
  return TRUE;
}

/* The service tells its exits which keys are good; here that is a pipe. */
static gpointer
carry_peers (gpointer data)
{
  g_autoptr (GIOChannel) channel = g_io_channel_unix_new (GPOINTER_TO_INT (data));
  g_autofree char *line = NULL;

  while (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) == G_IO_STATUS_NORMAL)
    {
      g_auto (GStrv) words = g_strsplit (g_strstrip (line), " ", -1);
      g_autoptr (GError) error = NULL;
      guint n_words = g_strv_length (words);

      if (n_words == 4 && g_str_equal (words[1], "add"))
        (void) adit_lab_add_exit_peer (words[2], words[3], &error);
      else if (n_words == 3 && g_str_equal (words[1], "remove"))
        (void) adit_lab_remove_exit_peer (words[2], &error);
      if (error != NULL)
        g_printerr ("lab: %s\n", error->message);
      g_clear_pointer (&line, g_free);
    }
  return NULL;
}

static gboolean
try_connect (const char *space, const char *address, guint16 port)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketAddress) to = g_inet_socket_address_new_from_string (address, port);
  gboolean connected;
  int back;

  if (!adit_lab_switch (space, &back, NULL))
    return FALSE;
  socket = g_socket_new (g_socket_address_get_family (to), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  connected = socket != NULL && g_socket_connect (socket, to, NULL, NULL);
  adit_lab_switch_back (back);
  return connected;
}

gboolean
adit_world_wait_listening (const char *space, const char *address, guint16 port, GError **error)
{
  for (guint i = 0; i < 1000; i++)
    {
      if (try_connect (space, address, port))
        return TRUE;
      g_usleep (10000);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "nobody listens at %s:%u", address, port);
  return FALSE;
}

/**
 * adit_world_start_service:
 * @self: the world, without a running service
 * @error: return location
 *
 * Returns: whether the service answers
 */
gboolean
adit_world_start_service (AditWorld *self, GError **error)
{
  g_autofree char *exit_key = adit_lab_get_exit_key (), *entry_key = adit_lab_get_entry_key ();
  g_autofree char *keys = entry_key != NULL ? g_strconcat (exit_key, ",", entry_key, NULL) : g_strdup (exit_key);
  const char *const argv[] = { adit_world_get_program ("ADIT_SIMULATOR"), "443", PKI "/service.pem", PKI "/service.key", FAULT,
                               keys, NULL };

  self->service = adit_lab_spawn_logged ("api", 0, argv, ADIT_WORLD_LOG, &self->peers_fd, error);
  if (self->service == 0)
    return FALSE;
  self->peers = g_thread_new ("peers", carry_peers, GINT_TO_POINTER (self->peers_fd));
  return adit_world_wait_listening ("api", ADIT_LAB_API_ADDRESS, 443, error);
}

/* The first service listens everywhere and would answer in the place of one that does not listen at its own address yet. */
gboolean
adit_world_wait_own_listener (const char *address, GError **error)
{
  g_autofree char *where = g_strconcat (address, ":443", NULL);
  const char *const argv[] = { "ss", "-Hltn", "src", where, NULL };

  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (AditLabResult) result = adit_lab_run ("api", 0, 5000, argv, error);

      if (result == NULL)
        return FALSE;
      if (result->out[0] != '\0')
        return TRUE;
      g_usleep (20000);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "nobody listens at %s alone", where);
  return FALSE;
}

static gboolean
start_other (const char *id, const char *address, GError **error)
{
  g_autofree char *exit_key = adit_lab_get_exit_key ();
  const char *const argv[] = { adit_world_get_program ("ADIT_SIMULATOR"), "--service", id, "--address", address, "443",
                               PKI "/service.pem", PKI "/service.key", FAULT, exit_key, NULL };
  int fd;

  if (adit_lab_spawn_logged ("api", 0, argv, ADIT_WORLD_LOG, &fd, error) == 0)
    return FALSE;
  g_thread_unref (g_thread_new ("peers", carry_peers, GINT_TO_POINTER (fd)));
  return adit_world_wait_own_listener (address, error);
}

/**
 * adit_world_add_services:
 * @self: the world, whose helper has not been started
 * @error: return location
 *
 * There are the other services as well, as long as the world is.
 *
 * Returns: whether they answer
 */
gboolean
adit_world_add_services (AditWorld *self, GError **error)
{
  adit_world_write_file (ADIT_WORLD_SERVICES_FILE, ADIT_WORLD_SERVICES ADIT_WORLD_SERVICE ("ivpn", ADIT_LAB_IVPN_ADDRESS)
                         ADIT_WORLD_BY_OPENVPN
                         "[ovpn]\ntrust=/etc/adit/lab-ca.pem\n"    /* found by its name, as people do */
                         ADIT_WORLD_BY_OPENVPN
                         ADIT_WORLD_SERVICE ("mysterium", ADIT_LAB_MYSTERIUM_ADDRESS), 0644);
  return adit_lab_add_services (adit_world_get_program ("ADIT_LAB_DNS_SERVER"), error) &&
         start_other ("ivpn", ADIT_LAB_IVPN_ADDRESS, error) && start_other ("ovpn", ADIT_LAB_OVPNCOM_ADDRESS, error) &&
         start_other ("mysterium", ADIT_LAB_MYSTERIUM_ADDRESS, error);
}

/**
 * adit_world_stop_service:
 * @self: the world
 *
 * The service is down: its computer refuses connections.
 */
void
adit_world_stop_service (AditWorld *self)
{
  if (self->service == 0)
    return;
  adit_lab_end (self->service);
  self->service = 0;
  g_thread_join (g_steal_pointer (&self->peers));
  close (self->peers_fd);
}

/**
 * adit_world_set_fault:
 * @self: the world
 * @fault: what the service does wrong from now on (simulator.c), "" for nothing
 */
void
adit_world_set_fault (AditWorld *self, const char *fault)
{
  adit_world_write_file (FAULT, fault, 0644);
}
