/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-grammar.c: looks at each line of a configuration that was written for openvpn. */
#include "tests/fuzz/ovpn-grammar.h"

#include <string.h>

#define ADDRESS "(?:[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*)"
#define PORT    "[1-9][0-9]{0,4}"
#define CIPHERS "(?:(?:AES|CAMELLIA)-(?:128|192|256)-(?:GCM|CBC)|CHACHA20-POLY1305)"
#define NUMBER  "[0-9]{1,10}"
#define TEXT    "\"[^\"\\\\\\x00-\\x1f\\x7f]{1,191}\""

static const char option[] = "^(?:"
  "client|dev-type tun|nobind|persist-tun|ifconfig-noexec|route-noexec|script-security 0|disable-dco|auth-nocache|auth-retry none"
  "|resolv-retry 0|ignore-unknown-option fast-io|fast-io|verb 3"
  "|dev " OVPN_GRAMMAR_DEVICE "|management " OVPN_GRAMMAR_SOCKET " unix|management-hold"
  "|management-query-passwords|management-up-down|management-client|pull-filter accept \"[A-Za-z0-9 -]+\"|pull-filter ignore \"\""
  "|remote " ADDRESS " " PORT " (?:udp[46]|tcp[46]-client)|http-proxy " ADDRESS " " PORT "(?: stdin basic)?"
  "|socks-proxy " ADDRESS " " PORT "(?: stdin)?|data-ciphers (?=.{1,124}$)" CIPHERS "(?::" CIPHERS "){0,8}"
  "|data-ciphers-fallback " CIPHERS
  "|auth SHA(?:1|224|256|384|512)|tls-version-min 1\\.[23]|tls-cert-profile (?:legacy|preferred|suiteb)"
  "|tls-cipher TLS-[A-Z0-9-]+(?::TLS-[A-Z0-9-]+)*|tls-ciphersuites TLS_[A-Z0-9_]+(?::TLS_[A-Z0-9_]+)*"
  "|allow-compression (?:no|asym)|comp-lzo (?:no|yes)|compress (?:stub|stub-v2|lzo|lz4|lz4-v2)|remote-cert-tls server"
  "|remote-cert-ku(?: [0-9a-f]{1,4}){1,8}|remote-cert-eku " TEXT "|verify-x509-name " TEXT " (?:subject|name|name-prefix)"
  "|auth-user-pass|static-challenge " TEXT " [01]|key-direction [01]"
  "|(?:tun-mtu|ping|ping-restart|reneg-sec|reneg-bytes|reneg-pkts|hand-window|tran-window|tls-timeout|server-poll-timeout"
  "|explicit-exit-notify|sndbuf|rcvbuf) " NUMBER "|(?:connect-retry|replay-window) " NUMBER "(?: " NUMBER ")?"
  "|fragment " NUMBER "(?: mtu)?|mssfix " NUMBER "(?: mtu| fixed)?"
  ")$";
static const char opener[] = "^<(?:ca|cert|extra-certs|crl-verify|key|tls-auth|tls-crypt|tls-crypt-v2)>$";
static const char inside[] = "^(?:[A-Za-z0-9+/=]{1,64}|-----(?:BEGIN|END) (?:CERTIFICATE|X509 CRL"
  "|(?:(?:ENCRYPTED|RSA|EC) )?PRIVATE KEY|OpenVPN Static key V1|OpenVPN tls-crypt-v2 client key)-----"
  "|Proc-Type: 4,ENCRYPTED|DEK-Info: [A-Z0-9-]+,[0-9A-Fa-f]+|)$";

static gboolean
matches (const char *pattern, const char *line)
{
  static GHashTable *compiled;
  GRegex *regex;

  if (compiled == NULL)
    compiled = g_hash_table_new (NULL, NULL);
  regex = g_hash_table_lookup (compiled, pattern);
  if (regex == NULL)
    {
      regex = g_regex_new (pattern, G_REGEX_DOLLAR_ENDONLY, 0, NULL);
      g_assert_nonnull (regex);
      g_hash_table_insert (compiled, (gpointer) pattern, regex);
    }
  return g_regex_match (regex, line, 0, NULL);
}

/* An option's name, or a block's. */
static char *
dup_name (const char *line)
{
  return line[0] == '<' ? g_strndup (line + 1, strlen (line) - 2) : g_strndup (line, strcspn (line, " "));
}

/**
 * ovpn_grammar_find_fault:
 * @text: a configuration
 * @length: of it
 *
 * Returns: (transfer full) (nullable): the first line that openvpn may not be told; %NULL for none
 */
char *
ovpn_grammar_find_fault (const char *text, gsize length)
{
  static const char *const musts[] = {
    "client", "dev", "ifconfig-noexec", "route-noexec", "script-security", "management", "remote", "ca",
  };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) lines = NULL;
  g_autofree char *end = NULL, *filter = NULL;

  if (length == 0 || strlen (text) != length || text[length - 1] != '\n' || !g_utf8_validate (text, (gssize) length, NULL))
    return g_strdup ("(no text)");
  lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i + 1] != NULL; i++)
    {
      const char *line = lines[i];
      char *name;

      if (strlen (line) > 254)    /* options.h, OPTION_LINE_SIZE */
        return g_strdup (line);
      if (end != NULL)
        {
          if (strcmp (line, end) == 0)
            g_clear_pointer (&end, g_free);
          else if (!matches (inside, line))
            return g_strdup (line);
          continue;
        }
      if (!matches (option, line) && !matches (opener, line))
        return g_strdup (line);
      if (line[0] == '<')
        end = g_strdup_printf ("</%s", line + 1);
      name = dup_name (line);
      if (strcmp (name, "pull-filter") == 0)
        {
          /* What stands behind the one that ignores everything is never asked. */
          if (g_strcmp0 (filter, "pull-filter ignore \"\"") == 0)
            return name;
          g_free (filter);
          filter = g_strdup (line);
          g_free (name);
        }
      else if (!g_hash_table_add (seen, name))
        return g_strdup (line);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (musts); i++)
    if (!g_hash_table_contains (seen, musts[i]))
      return g_strdup_printf ("(no %s)", musts[i]);
  if (end != NULL || g_strcmp0 (filter, "pull-filter ignore \"\"") != 0)
    return g_strdup ("(no end)");
  return NULL;
}
