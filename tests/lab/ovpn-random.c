/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-random.c: an OpenVPN client's file of lines that were drawn by lot, each with a value that was. */
#include "tests/lab/ovpn-random.h"

#include <string.h>

#include "tests/unit/ovpn-sample.h"

/* Lines of a file; what stands between | is chosen from. */
static const char *const lines[] = {
  "remote 192.0.2.|1|22|254| |1194|443|65535| |udp|tcp|tcp-client|", "remote |192.0.2.7|vpn.example.org|2001:db8::7|",
  "remote-random",
  "proto |udp|tcp|udp4|tcp-client|", "port |1|1194|65535|", "nobind", "persist-key", "verb |0|3|11|",
  "auth |SHA1|sha256|SHA384|SHA512|",
  "cipher |AES-256-GCM|aes-128-cbc|CHACHA20-POLY1305|",
  "data-ciphers |AES-256-GCM|AES-128-GCM:AES-256-CBC|?CHACHA20-POLY1305:AES-256-GCM|AES-256-GCM:AES-192-GCM:AES-128-GCM:"
  "CHACHA20-POLY1305:CAMELLIA-128-CBC:AES-192-CBC:AES-128-CBC:CAMELLIA-256-CBC:CAMELLIA-192-CBC|",
  "data-ciphers-fallback |AES-256-CBC|AES-128-CBC|", "tls-version-min |1.0|1.2|1.3|",
  "tls-cert-profile |legacy|preferred|suiteb|",
  "tls-cipher TLS-ECDHE-RSA-WITH-AES-256-GCM-SHA384", "tls-ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256",
  "|compress|compress stub-v2|comp-lzo no|comp-lzo|compress lz4|compress lz4-v2|compress lzo|compress migrate|"
  "allow-compression asym|",
  "tun-mtu |576|1400|1500|9000|", "mssfix |0|1200|1300 mtu|1400 fixed||", "fragment |68|1300|1400 mtu|",
  "|ping 10|keepalive 10 60|",
  "ping-restart |0|60|3600|", "reneg-sec |0|60|604800|", "reneg-bytes |0|1000000000|2147483647|", "reneg-pkts |0|77|",
  "hand-window |1|60|3600|", "tran-window |1|3600|", "tls-timeout |1|60|", "server-poll-timeout |1|3600|",
  "connect-retry |1|5|5 300|", "replay-window |1|128 30|65536 600|", "explicit-exit-notify| 1| 5||", "sndbuf |0|1|16777216|",
  "rcvbuf |0|393216|", "remote-cert-tls server", "remote-cert-ku |a0|04 a0 80|ffff|",
  "remote-cert-eku \"TLS Web Server Authentication\"",
  "verify-x509-name |a|\"C=XX, O=It's, CN=a b\"|'CN=#;'|\"#\" name|x;y name-prefix|sample name|", "auth-user-pass",
  "auth-nocache",
  "static-challenge \"|What is it?|\xc3\x9c|it's|\" |0|1|", "key-direction |0|1|",
  "|http-proxy 192.0.2.9 3128|socks-proxy 192.0.2.9|",
  "<cert>\n@CERT@</cert>\n<key>\n|@KEY@|@OLDKEY@|@LOCKED@|@ENCRYPTED@|</key>", "<extra-certs>\n@CA@</extra-certs>",
  "<crl-verify>\n@REVOKED@</crl-verify>",
  "|<tls-auth>\n@STATIC@</tls-auth>|<tls-crypt>\n@STATIC@</tls-crypt>|<tls-crypt-v2>\n@V2@</tls-crypt-v2>|",
  "# a comment", "; another \"", "topology subnet", "route-delay 2", "redirect-gateway def1 ipv6",
};

static char *
choose (GRand *rand, const char *line)
{
  GString *out = g_string_new (NULL);

  /* Between two texts stands a list: "text|one|two|text". */
  for (const char *at = line; *at != '\0';)
    {
      const char *bar = strchr (at, '|'), *end = bar;
      g_autofree char *list = NULL;
      g_auto (GStrv) items = NULL;

      g_string_append_len (out, at, bar != NULL ? bar - at : (gssize) strlen (at));
      if (bar == NULL)
        break;
      /* The list ends at the last bar before a blank, a quote, a "<" of an end, or the end. */
      while ((end = strchr (end + 1, '|')) != NULL && end[1] != '\0' && !g_str_has_prefix (end, "| |") && end[1] != '"' &&
             !g_str_has_prefix (end, "|</"))
        ;
      g_assert_nonnull (end);
      list = g_strndup (bar + 1, (gsize) (end - bar) - 1);
      items = g_strsplit (list, "|", -1);
      g_string_append (out, items[g_rand_int_range (rand, 0, (gint32) g_strv_length (items))]);
      at = end + 1;
    }
  return g_string_free (out, FALSE);
}

/**
 * ovpn_random_make:
 * @rand: a source of chance
 *
 * Returns: (transfer full): a file that a service might hand out, more or less
 */
char *
ovpn_random_make (GRand *rand)
{
  g_autoptr (GString) out = g_string_new ("client\ndev tun\n<ca>\n@CA@</ca>\n");
  gint32 chance = g_rand_int_range (rand, 2, 60);

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    if (g_rand_int_range (rand, 0, 100) < chance || i == 0 || g_str_has_prefix (lines[i], "auth-user"))
      {
        g_autofree char *line = choose (rand, lines[i]);

        g_string_append_printf (out, "%s\n", line);
      }
  return ovpn_sample_fill (out->str);
}
