/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-mysterium-template.c: what the service says of a tunnel is taken only where it can be true and does nothing else. */
#include <string.h>

#include "client/provider/mysterium.h"

#define KEY    "IyN9XnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM="
#define PEER   "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
#define NO_KEY "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define INTERFACE "[Interface]\nPrivateKey = %private_key%\nAddress = 10.182.0.2/24\nDNS = 10.182.0.1\n"
#define ENDPOINT  "[Peer]\nPublicKey = " PEER "\nEndpoint = 198.51.100.7:51820\nAllowedIPs = 0.0.0.0/0\n"
#define HALF_PEER "[Peer]\nPublicKey = " PEER "\nAllowedIPs = 0.0.0.0/0\n"

static void
test_lines (void)
{
  /* What is wrong is named; NULL: it is taken. */
  static const struct { const char *text, *refused; } rows[] = {
    { INTERFACE ENDPOINT, NULL },
    { ENDPOINT INTERFACE, NULL },
    { "# made for you\r\n\r\n[Interface]\r\n\tPrivateKey=%private_key%\r\nAddress=10.1.2.3/32,2001:db8::3/128\r\nDNS=10.1.1.1\r\n"
      "MTU=1280\r\n" ENDPOINT "PresharedKey=" KEY "\r\nPersistentKeepalive=25", NULL },
    { INTERFACE HALF_PEER "Endpoint = [2606:4700::1]:443\nAllowedIPs = ::/0\n", NULL },
    /* What wg-quick would run, or do to this computer. */
    { INTERFACE "PostUp = touch /tmp/x\n" ENDPOINT, "line 5 (PostUp): a service has no business" },
    { INTERFACE "PreUp = x\n" ENDPOINT, "(PreUp)" },
    { INTERFACE "PreDown = x\n" ENDPOINT, "(PreDown)" },
    { INTERFACE "PostDown = x\n" ENDPOINT, "(PostDown)" },
    { INTERFACE "Table = off\n" ENDPOINT, "(Table)" },
    { INTERFACE "FwMark = 1\n" ENDPOINT, "(FwMark)" },
    { INTERFACE "ListenPort = 51820\n" ENDPOINT, "(ListenPort)" },
    { INTERFACE "SaveConfig = true\n" ENDPOINT, "(SaveConfig)" },
    { INTERFACE "postup = x\n" ENDPOINT, "(postup)" },
    { INTERFACE ENDPOINT "PostUp = x\n", "(PostUp)" },
    { INTERFACE " PostUp= x\n" ENDPOINT, "(PostUp)" },
    { "PostUp = x\n" INTERFACE ENDPOINT, "line 1 (PostUp)" },
    /* Ends of lines that not every reader sees, and other things between the lines. */
    { INTERFACE "DNS = 1.1.1.1\rPostUp = x\n" ENDPOINT, "a character" },
    { INTERFACE "# harmless\rPostUp = x\n" ENDPOINT, "a character" },
    { INTERFACE "# harmless\vPostUp = x\n" ENDPOINT, "a character" },
    { INTERFACE "# harmless\fPostUp = x\n" ENDPOINT, "a character" },
    { INTERFACE "# harmless\xe2\x80\xa8PostUp = x\n" ENDPOINT, "a character" },
    { "\xef\xbb\xbf" INTERFACE ENDPOINT, "a character" },
    { INTERFACE "MTU = 1400 # PostUp\n" ENDPOINT, "(MTU): the packet size" },
    { INTERFACE "MTU = 1400 \\\n" ENDPOINT, "(MTU)" },
    { INTERFACE "Post\\\nUp = x\n" ENDPOINT, "line 5: that is neither" },
    { INTERFACE "= x\n" ENDPOINT, "line 5: a service" },
    { INTERFACE KEY "\n" ENDPOINT, "line 5: a service" },    /* it has an equals sign, and is not repeated */
    { INTERFACE "hello\n" ENDPOINT, "line 5: that is neither" },
    /* Sections. */
    { INTERFACE ENDPOINT ENDPOINT, "line 9: there are two" },
    { INTERFACE INTERFACE ENDPOINT, "line 5: there are two" },
    { INTERFACE "[Hooks]\nPostUp = x\n" ENDPOINT, "line 5: there is no such section" },
    { INTERFACE "[Peer] # a\n" HALF_PEER, "no such section" },
    { INTERFACE "[peer]\n" HALF_PEER, "no such section" },
    { INTERFACE, "there is no PublicKey" },
    { ENDPOINT, "there is no PrivateKey" },
    { "", "there is no PrivateKey" },
    { INTERFACE "Endpoint = 198.51.100.7:1\n" ENDPOINT, "(Endpoint): this is not where it belongs" },
    { INTERFACE ENDPOINT "Address = 10.0.0.1\n", "(Address): this is not where it belongs" },
    /* Keys. */
    { "[Interface]\nPrivateKey = " KEY "\nAddress = 10.1.2.3\nDNS = 10.1.1.1\n" ENDPOINT, "the private key is ours" },
    { "[Interface]\nPrivateKey = %PRIVATE_KEY%\nAddress = 10.1.2.3\nDNS = 10.1.1.1\n" ENDPOINT, "(PrivateKey)" },
    { "[Interface]\nPrivateKey = %private_key%%private_key%\nAddress = 10.1.2.3\nDNS = 10.1.1.1\n" ENDPOINT, "(PrivateKey)" },
    { "[Interface]\nPrivateKey =\nAddress = 10.1.2.3\nDNS = 10.1.1.1\n" ENDPOINT, "(PrivateKey)" },
    { INTERFACE "PrivateKey = %private_key%\n" ENDPOINT, "(PrivateKey): there are two" },
    { INTERFACE ENDPOINT "PublicKey = " KEY "\n", "(PublicKey): there are two" },
    { INTERFACE ENDPOINT "PresharedKey = " NO_KEY "\n", "(PresharedKey): that is no key" },
    { INTERFACE ENDPOINT "PresharedKey = short\n", "(PresharedKey): that is no key" },
    { INTERFACE ENDPOINT "PresharedKey = " KEY "\nPresharedKey = " KEY "\n", "(PresharedKey): there are two" },
    { INTERFACE "[Peer]\nPublicKey = " NO_KEY "\nEndpoint = 198.51.100.7:1\nAllowedIPs = 0.0.0.0/0\n", "(PublicKey)" },
    { INTERFACE "[Peer]\nPublicKey = %private_key%\nEndpoint = 198.51.100.7:1\nAllowedIPs = 0.0.0.0/0\n", "(PublicKey)" },
    /* Where the packets would go. */
    { INTERFACE HALF_PEER "Endpoint = vpn.example.org:51820\n", "(Endpoint): that is no address" },
    { INTERFACE HALF_PEER "Endpoint = localhost:51820\n", "(Endpoint): that is no address" },
    { INTERFACE HALF_PEER "Endpoint = 127.0.0.1:51820\n", "(Endpoint): that is no public address" },
    { INTERFACE HALF_PEER "Endpoint = 127.1:51820\n", "(Endpoint)" },
    { INTERFACE HALF_PEER "Endpoint = 0x7f000001:51820\n", "(Endpoint)" },
    { INTERFACE HALF_PEER "Endpoint = 0.0.0.0:51820\n", "(Endpoint)" },
    { INTERFACE HALF_PEER "Endpoint = 10.0.0.1:51820\n", "(Endpoint): that is no public address" },
    { INTERFACE HALF_PEER "Endpoint = 192.168.1.1:51820\n", "(Endpoint): that is no public address" },
    { INTERFACE HALF_PEER "Endpoint = 172.16.0.1:51820\n", "(Endpoint): that is no public address" },
    { INTERFACE HALF_PEER "Endpoint = 169.254.1.1:51820\n", "(Endpoint): that is no public address" },
    { INTERFACE HALF_PEER "Endpoint = 100.64.0.1:51820\n", "(Endpoint): that is no public address" },
    { INTERFACE HALF_PEER "Endpoint = 224.0.0.1:51820\n", "(Endpoint): that is no public address" },
    { INTERFACE HALF_PEER "Endpoint = 255.255.255.255:51820\n", "(Endpoint): that is no public address" },
    { INTERFACE HALF_PEER "Endpoint = [::1]:51820\n", "(Endpoint): that is no public address" },
    { INTERFACE HALF_PEER "Endpoint = [::ffff:127.0.0.1]:51820\n", "(Endpoint): that is no public address" },
    { INTERFACE HALF_PEER "Endpoint = [fe80::1]:51820\n", "(Endpoint): that is no public address" },
    { INTERFACE HALF_PEER "Endpoint = [fe80::1%eth0]:51820\n", "(Endpoint)" },
    { INTERFACE HALF_PEER "Endpoint = [fd00::1]:51820\n", "(Endpoint): that is no public address" },
    { INTERFACE HALF_PEER "Endpoint = 198.51.100.7\n", "(Endpoint): that is no address" },
    { INTERFACE HALF_PEER "Endpoint = 198.51.100.7:0\n", "(Endpoint): that is no address" },
    { INTERFACE HALF_PEER "Endpoint = 198.51.100.7:65536\n", "(Endpoint): that is no address" },
    { INTERFACE HALF_PEER "Endpoint = 198.51.100.7:51820, 198.51.100.8:51820\n", "(Endpoint): that is no address" },
    { INTERFACE HALF_PEER "Endpoint = 198.51.100.7:1\nEndpoint = 198.51.100.8:1\n", "(Endpoint): there are two" },
    { INTERFACE HALF_PEER, "there is no Endpoint" },
    /* What goes there. */
    { INTERFACE "[Peer]\nPublicKey = " PEER "\nEndpoint = 198.51.100.7:1\n", "there is no AllowedIPs" },
    { INTERFACE "[Peer]\nPublicKey = " PEER "\nEndpoint = 198.51.100.7:1\nAllowedIPs = 10.0.0.0/8\n", "a tunnel takes" },
    { INTERFACE "[Peer]\nPublicKey = " PEER "\nEndpoint = 198.51.100.7:1\nAllowedIPs = ::/0\n", "IPv4 does not go" },
    { INTERFACE ENDPOINT "AllowedIPs = 0.0.0.0/0\n", "(AllowedIPs): the same is there twice" },
    { INTERFACE ENDPOINT "AllowedIPs =\n", "(AllowedIPs): there is nothing" },
    { INTERFACE ENDPOINT "AllowedIPs = ::/0,\n", "(AllowedIPs): a tunnel takes" },
    { INTERFACE ENDPOINT "AllowedIPs = 0.0.0.1/0\n", "(AllowedIPs): a tunnel takes" },
    { INTERFACE ENDPOINT "PersistentKeepalive = off\n", "(PersistentKeepalive): that is no number" },
    { INTERFACE ENDPOINT "PersistentKeepalive = 65536\n", "(PersistentKeepalive): that is no number" },
    /* This computer's side of it. */
    { INTERFACE "Address = 10.9.9.9\n" ENDPOINT, "(Address): there are two addresses" },
    { INTERFACE "Address = 127.0.0.1\n" ENDPOINT, "(Address): that is no address" },
    { INTERFACE "Address = fe80::1/64\n" ENDPOINT, "(Address): that is no address" },
    { INTERFACE "Address = ::/0\n" ENDPOINT, "(Address): that is no address" },
    { "[Interface]\nPrivateKey = %private_key%\nAddress = 2001:db8::1\nDNS = 10.1.1.1\n" ENDPOINT, "IPv4 does not go" },
    { "[Interface]\nPrivateKey = %private_key%\nAddress = 198.51.100.7\nDNS = 10.1.1.1\n" ENDPOINT, "the same address" },
    { "[Interface]\nPrivateKey = %private_key%\nDNS = 10.1.1.1\n" ENDPOINT, "there is no Address" },
    { "[Interface]\nPrivateKey = %private_key%\nAddress = 10.1.2.3\n" ENDPOINT, "there is no DNS" },
    { INTERFACE "DNS = example.org\n" ENDPOINT, "(DNS): that is no resolver" },
    { INTERFACE "DNS = 127.0.0.53\n" ENDPOINT, "(DNS): that is no resolver" },
    { INTERFACE "DNS = 1.1.1.1, 1.0.0.1, 8.8.8.8, 8.8.4.4\n" ENDPOINT, "(DNS): there are too many" },
    { INTERFACE "MTU = 1279\n" ENDPOINT, "(MTU): the packet size" },
    { INTERFACE "MTU = 01400\n" ENDPOINT, "(MTU): the packet size" },
    { INTERFACE "MTU = 99999999999999999999\n" ENDPOINT, "(MTU): the packet size" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditSecret) preshared_key = NULL;
      g_autoptr (GError) error = NULL;
      AditTunnelSpec spec;
      gboolean taken = adit_mysterium_read_template (rows[i].text, &spec, &preshared_key, &error);

      if (taken != (rows[i].refused == NULL) || (error != NULL && strstr (error->message, rows[i].refused) == NULL))
        g_error ("%s: %s", error != NULL ? error->message : "taken", rows[i].text);
      if (!taken)
        g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
      g_assert_true (taken || preshared_key == NULL);
      g_assert_true (error == NULL || (strstr (error->message, KEY) == NULL && strlen (error->message) < 256));
      g_assert_true (!taken || adit_tunnel_spec_is_valid (&spec, NULL));
    }
}

static void
test_values (void)
{
  static const char text[] = "[Interface]\nPrivateKey = %private_key%\nAddress = 10.182.0.2/24, fd00::2/64\n"
                             "DNS = 10.182.0.1,1.1.1.1\nMTU = 1420\n[Peer]\nPublicKey = " PEER "\nPresharedKey = " KEY "\n"
                             "Endpoint = 198.51.100.7:51820\nAllowedIPs = 0.0.0.0/0, ::/0\nPersistentKeepalive = 18\n";
  g_autoptr (AditSecret) preshared_key = NULL;
  g_autofree char *peer = NULL, *address = NULL, *peer_key = NULL, *shared = NULL, *dns = NULL;
  gsize length;
  AditTunnelSpec spec;

  g_assert_true (adit_mysterium_read_template (text, &spec, &preshared_key, NULL));
  peer = adit_endpoint_dup_text (&spec.peer);
  g_assert_cmpstr (peer, ==, "198.51.100.7:51820");
  address = adit_prefix_dup_text (&spec.addresses[0]);
  g_assert_cmpstr (address, ==, "10.182.0.2/32");    /* the rest of the net is nobody's to route */
  g_assert_cmpuint (spec.addresses[1].prefix_bits, ==, 128);
  peer_key = g_base64_encode (spec.peer_key, sizeof spec.peer_key);
  g_assert_cmpstr (peer_key, ==, PEER);
  shared = g_base64_encode (adit_secret_peek (preshared_key, &length), ADIT_WG_KEY_BYTES);
  g_assert_cmpuint (length, ==, ADIT_WG_KEY_BYTES);
  g_assert_cmpstr (shared, ==, KEY);
  dns = adit_address_dup_text (&spec.dns[1]);
  g_assert_cmpstr (dns, ==, "1.1.1.1");
  g_assert_cmpuint (spec.n_dns, ==, 2);
  g_assert_cmpuint (spec.n_allowed_ips, ==, 2);
  g_assert_cmpuint (spec.mtu_bytes, ==, 1420);
  g_assert_cmpuint (spec.keepalive_s, ==, 18);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mysterium-template/lines", test_lines);
  g_test_add_func ("/mysterium-template/values", test_values);
  return g_test_run ();
}
