/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-files.c: certificates and keys, made anew for each run by the real programs, and the configurations of both sides. */
#include "tests/lab/openvpn-exit.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>
#include <gio/gio.h>

#define IN          ADIT_LAB_OVPN_DIRECTORY "/"
#define NEW_KEY     "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365"
#define NO_CA       " -addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,digitalSignature"
#define BY_LAB      " -CA " IN "ca.pem -CAkey " IN "ca.key"
#define FOR_SERVERS " -addext extendedKeyUsage=serverAuth"
#define FOR_CLIENTS " -addext extendedKeyUsage=clientAuth"

#define LAST_KEY    "tls-crypt-v2-client.key"

static const char *const identities[] = {
  [ADIT_LAB_OVPN_IS_SERVER]   = "server",
  [ADIT_LAB_OVPN_IS_OTHER]    = "other",
  [ADIT_LAB_OVPN_IS_CUSTOMER] = "customer",
  [ADIT_LAB_OVPN_IS_STRANGER] = "stranger",
};

/* The certificates of one authority, and one that is its own; for as long as somebody keeps them, see demo-exit.c. */
static const char *const commands[] = {
  NEW_KEY " -subj '/CN=The lab' -keyout " IN "ca.key -out " IN "ca.pem -addext keyUsage=critical,keyCertSign,cRLSign",
  NEW_KEY BY_LAB NO_CA FOR_SERVERS " -subj /CN=" ADIT_LAB_OVPN_NAME " -addext subjectAltName=DNS:" ADIT_LAB_OVPN_NAME
  " -keyout " IN "server.key -out " IN "server.pem",
  NEW_KEY BY_LAB NO_CA FOR_SERVERS " -subj /CN=other.lab.example -addext subjectAltName=DNS:other.lab.example"
  " -keyout " IN "other.key -out " IN "other.pem",
  NEW_KEY BY_LAB NO_CA FOR_CLIENTS " -subj /CN=client.lab.example -keyout " IN "client.key -out " IN "client.pem",
  NEW_KEY BY_LAB NO_CA " -subj /CN=" ADIT_LAB_OVPN_NAME " -addext subjectAltName=DNS:" ADIT_LAB_OVPN_NAME
  " -keyout " IN "customer.key -out " IN "customer.pem",
  NEW_KEY NO_CA FOR_SERVERS " -subj /CN=" ADIT_LAB_OVPN_NAME " -addext subjectAltName=DNS:" ADIT_LAB_OVPN_NAME
  " -keyout " IN "stranger.key -out " IN "stranger.pem",
  "openvpn --genkey secret " IN "tls-auth.key",
  "openvpn --genkey tls-crypt " IN "tls-crypt.key",
  "openvpn --genkey tls-crypt-v2-server " IN "tls-crypt-v2.key",
  "openvpn --tls-crypt-v2 " IN "tls-crypt-v2.key --genkey tls-crypt-v2-client " IN LAST_KEY,
};

/**
 * adit_lab_ovpn_make_keys:
 * @error: return location
 *
 * Makes %ADIT_LAB_OVPN_DIRECTORY and all certificates and keys in it, unless they are there.
 *
 * Returns: whether they are there
 */
gboolean
adit_lab_ovpn_make_keys (GError **error)
{
  if (g_mkdir_with_parents (ADIT_LAB_OVPN_DIRECTORY, 0755) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot make " ADIT_LAB_OVPN_DIRECTORY ": %s",
                   g_strerror (errno));
      return FALSE;
    }
  for (guint i = 0; access (IN LAST_KEY, F_OK) != 0 && i < G_N_ELEMENTS (commands); i++)
    if (!adit_lab_run_line (NULL, commands[i], error))
      return FALSE;
  return TRUE;
}

/**
 * adit_lab_ovpn_get_port:
 * @server: a server
 *
 * Returns: where it listens
 */
guint16
adit_lab_ovpn_get_port (const AditLabOvpnServer *server)
{
  if (server->port != 0)
    return server->port;
  return server->transport == ADIT_LAB_OVPN_TCP ? ADIT_LAB_OVPN_TCP_PORT : ADIT_LAB_OVPN_UDP_PORT;
}

/* --- The server's file ---------------------------------------------------------------------------------------------------- */

static void
add_server_proof (GString *text, const AditLabOvpnServer *server, const char *verify_program)
{
  if (server->proof != ADIT_LAB_OVPN_BY_CERTIFICATE)
    g_string_append_printf (text, "script-security 2\ntmp-dir " ADIT_LAB_OVPN_DIRECTORY "\nusername-as-common-name\n"
                            "auth-user-pass-verify \"'%s'\" via-file\n", verify_program);
  if (server->proof == ADIT_LAB_OVPN_BY_PASSWORD)
    g_string_append (text, "verify-client-cert none\n");
}

static void
add_server_wrap (GString *text, const AditLabOvpnServer *server)
{
  static const char *const lines[] = {
    [ADIT_LAB_OVPN_TLS_CRYPT]    = "tls-crypt " IN "tls-crypt.key\n",
    [ADIT_LAB_OVPN_TLS_AUTH]     = "tls-auth " IN "tls-auth.key 0\n",
    [ADIT_LAB_OVPN_TLS_CRYPT_V2] = "tls-crypt-v2 " IN "tls-crypt-v2.key\n",
    [ADIT_LAB_OVPN_PLAIN_TLS]    = "",
  };

  g_string_append (text, lines[server->wrap]);
}

/**
 * adit_lab_ovpn_dup_server:
 * @server: a server
 * @number: which of the lab's it is, from 1; its device and its networks have that number
 * @verify_program: the lab's own, that knows the users
 *
 * Returns: (transfer full): the server's configuration
 */
char *
adit_lab_ovpn_dup_server (const AditLabOvpnServer *server, guint number, const char *verify_program)
{
  const char *identity = identities[server->identity];
  gboolean tcp = server->transport == ADIT_LAB_OVPN_TCP;
  GString *text = g_string_new (NULL);

  /* One socket for both families.  The kernel may have OpenVPN's own module or not: it is never used. */
  g_string_append_printf (text, "dev ovs%u\ndev-type tun\ndisable-dco\nproto %s\nport %u\ntopology subnet\n"
                          "server 10.65.%u.0 255.255.255.0\nduplicate-cn\nverb 3\nkeepalive 10 60\n"
                          "ca " IN "ca.pem\ncert " IN "%s.pem\nkey " IN "%s.key\ndh none\n"
                          "data-ciphers AES-256-GCM:CHACHA20-POLY1305\nmanagement " IN "%u.sock unix\n",
                          number, tcp ? "tcp6-server" : "udp6", adit_lab_ovpn_get_port (server), number, identity, identity,
                          number);
  if (!server->is_ipv4_alone)
    g_string_append_printf (text, "server-ipv6 fd00:65:0:%u::/64\n", number);
  add_server_wrap (text, server);
  add_server_proof (text, server, verify_program);
  if (!server->is_silent)
    g_string_append (text, "push \"redirect-gateway def1 ipv6\"\npush \"dhcp-option DNS " ADIT_LAB_OVPN_RESOLVER "\"\n");
  for (guint i = 0; server->pushes != NULL && server->pushes[i] != NULL; i++)
    {
      g_autoptr (GString) quoted = g_string_new (server->pushes[i]);

      g_string_replace (quoted, "\\", "\\\\", 0);
      g_string_replace (quoted, "\"", "\\\"", 0);
      g_string_append_printf (text, "push \"%s\"\n", quoted->str);
    }
  g_string_append (text, server->lines != NULL ? server->lines : "");
  return g_string_free (text, FALSE);
}

/* --- The client's file ---------------------------------------------------------------------------------------------------- */

static gboolean
add_block (GString *text, const char *tag, const char *file, GError **error)
{
  g_autofree char *path = g_strconcat (IN, file, NULL), *content = NULL;

  if (!g_file_get_contents (path, &content, NULL, error))
    return FALSE;
  g_string_append_printf (text, "<%s>\n%s</%s>\n", tag, content, tag);
  return TRUE;
}

static gboolean
add_client_wrap (GString *text, const AditLabOvpnServer *server, GError **error)
{
  switch (server->wrap)
    {
    case ADIT_LAB_OVPN_TLS_CRYPT:
      return add_block (text, "tls-crypt", "tls-crypt.key", error);
    case ADIT_LAB_OVPN_TLS_AUTH:
      g_string_append (text, "key-direction 1\n");
      return add_block (text, "tls-auth", "tls-auth.key", error);
    case ADIT_LAB_OVPN_TLS_CRYPT_V2:
      return add_block (text, "tls-crypt-v2", "tls-crypt-v2-client.key", error);
    default:
      return TRUE;
    }
}

/**
 * adit_lab_ovpn_dup_client:
 * @server: where it leads
 * @lines: (nullable): more lines of it
 * @error: return location
 *
 * As a service hands it out, everything in one file.  It asks for the honest server, whoever @server is.
 *
 * Returns: (transfer full) (nullable): the file
 */
char *
adit_lab_ovpn_dup_client (const AditLabOvpnServer *server, const char *lines, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean tcp = server->transport == ADIT_LAB_OVPN_TCP;

  g_string_append_printf (text, "client\ndev tun\nproto %s\nremote " ADIT_LAB_OVPN_ADDRESS " %u\nnobind\nverb 3\n"
                          "remote-cert-tls server\nverify-x509-name " ADIT_LAB_OVPN_NAME " name\n"
                          "data-ciphers AES-256-GCM:CHACHA20-POLY1305\n", tcp ? "tcp" : "udp", adit_lab_ovpn_get_port (server));
  if (server->proof != ADIT_LAB_OVPN_BY_CERTIFICATE)
    g_string_append (text, "auth-user-pass\nauth-nocache\n");
  g_string_append (text, lines != NULL ? lines : "");
  if (!add_block (text, "ca", "ca.pem", error) || !add_client_wrap (text, server, error))
    return NULL;
  if (server->proof != ADIT_LAB_OVPN_BY_PASSWORD &&
      (!add_block (text, "cert", "client.pem", error) || !add_block (text, "key", "client.key", error)))
    return NULL;
  return g_strdup (text->str);
}

/**
 * adit_lab_ovpn_write_client:
 * @path: for adit_lab_ovpn_dup_client()'s file
 * @server: where it leads
 * @lines: (nullable): more lines of it
 * @error: return location
 *
 * Returns: whether it is there, for root alone
 */
gboolean
adit_lab_ovpn_write_client (const char *path, const AditLabOvpnServer *server, const char *lines, GError **error)
{
  g_autofree char *text = adit_lab_ovpn_dup_client (server, lines, error);

  return text != NULL && g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}
