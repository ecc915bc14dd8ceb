/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ovpn-management.c: the talk as openvpn 2.6 leads it, cut in every place, and as an attacker in its place would. */
#include "client/worker/ovpn-management.h"

#include <string.h>

#define GREETING ">INFO:OpenVPN Management Interface Version 5 -- type 'help' for more info\r\n"
#define HOLD     ">HOLD:Waiting for hold release:0\r\n"
#define NEED     ">PASSWORD:Need 'Auth' username/password\r\n"
#define OWN      ">UPDOWN:ENV,tun_mtu=1500\r\n>UPDOWN:ENV,ifconfig_local=10.65.0.2\r\n"
#define UP       ">UPDOWN:UP\r\n" OWN ">UPDOWN:ENV,foreign_option_1=dhcp-option DNS 10.65.0.1\r\n>UPDOWN:ENV,END\r\n"
#define STATE(w) ">STATE:1795263209," w "\r\n"
#define THERE    STATE ("CONNECTED,SUCCESS,10.65.0.2,192.0.2.1,1194,,")
#define LOG(w)   ">LOG:1795263209,N," w "\r\n"
#define FIRST    "state on\nlog on\nbytecount 5\n"
#define LAST     "signal SIGTERM\n"

static const char *
name_of (AditError code)
{
  static const struct { AditError code; const char *name; } names[] = {
    { ADIT_ERROR_TUNNEL_FAILED, "tunnel" }, { ADIT_ERROR_NO_HANDSHAKE, "no-handshake" },
    { ADIT_ERROR_CREDENTIAL_REFUSED, "refused" }, { ADIT_ERROR_CREDENTIAL_MALFORMED, "malformed" },
    { ADIT_ERROR_SERVICE_UNTRUSTED, "untrusted" }, { ADIT_ERROR_WRONG_CLOCK, "clock" },
    { ADIT_ERROR_SERVICE_NONSENSE, "nonsense" }, { ADIT_ERROR_SERVICE_REFUSED, "turned-away" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].code == code)
      return names[i].name;
  g_assert_not_reached ();
}

/* Everything that comes of what openvpn said, as words: first what we say, then what has happened. */
static char *
hear_cut (const AditOvpnAnswers *answers, const char *text, gsize length, gsize at)
{
  g_autoptr (AditOvpnManagement) talk = adit_ovpn_management_new (answers);
  GString *out = g_string_new (NULL);
  AditOvpnEvent event;
  const guint8 *output;
  gsize n;

  adit_ovpn_management_feed (talk, text, at);
  adit_ovpn_management_feed (talk, text + at, length - at);
  output = adit_ovpn_management_peek_output (talk, &n);
  g_string_append_len (out, (const char *) output, (gssize) n);
  adit_ovpn_management_drop_output (talk, n);
  while (adit_ovpn_management_take_event (talk, &event))
    {
      switch (event.kind)
        {
        case ADIT_OVPN_ASSIGNED:
          g_string_append_printf (out, "[assigned %u %u]", event.assigned.n_addresses, event.assigned.n_dns);
          break;
        case ADIT_OVPN_CONNECTED:
          g_string_append (out, "[connected]");
          break;
        case ADIT_OVPN_MISTAKEN:
          g_string_append (out, "[mistaken]");
          break;
        case ADIT_OVPN_HEARD:
          g_string_append (out, "[heard]");
          break;
        case ADIT_OVPN_COUNTED:
          g_string_append_printf (out, "[%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "]", event.received_bytes, event.sent_bytes);
          break;
        case ADIT_OVPN_TOKEN:
          g_string_append_printf (out, "[token %s]", (const char *) adit_secret_peek (event.secret, NULL));
          break;
        case ADIT_OVPN_RESTARTING:
          g_string_append (out, "[restarting]");
          break;
        case ADIT_OVPN_QUESTION:
          g_string_append_printf (out, "[question '%s' %d %s]", event.text, event.echo,
                                  event.secret != NULL ? (const char *) adit_secret_peek (event.secret, NULL) : "-");
          break;
        case ADIT_OVPN_ENDED:
          g_string_append_printf (out, "[ended %s %u: %s]", name_of (event.error), event.pause_s, event.sentence);
          break;
        case ADIT_OVPN_NOTHING:
        default:
          g_assert_not_reached ();
        }
      adit_ovpn_event_clear (&event);
    }
  return g_string_free (out, FALSE);
}

static AditOvpnAnswers
make_answers (void)
{
  AditOvpnAnswers answers = {
    .username = adit_secret_new ("user", 4), .password = adit_secret_new ("good", 4),
    .passphrase = adit_secret_new ("pass phrase", 11),
  };

  g_assert_true (adit_endpoint_parse ("192.0.2.1:1194", &answers.remote));
  return answers;
}

static void
clear_answers (AditOvpnAnswers *answers)
{
  AditSecret **const all[] = { &answers->username, &answers->password, &answers->answer, &answers->question, &answers->passphrase,
                               &answers->token, &answers->proxy_username, &answers->proxy_password };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    g_clear_pointer (all[i], adit_secret_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AditOvpnAnswers, clear_answers)

static void
expect_of (const AditOvpnAnswers *answers, const char *text, const char *wanted)
{
  g_autofree char *whole = hear_cut (answers, text, strlen (text), 0);

  g_assert_cmpstr (whole, ==, wanted);
}

static void
expect (const char *text, const char *wanted)
{
  g_auto (AditOvpnAnswers) answers = make_answers ();

  expect_of (&answers, text, wanted);
}

/* It ends, says so in one event and tells openvpn; which event is told by its @code and a part of its sentence. */
static void
expect_end (const char *text, AditError code, const char *sentence)
{
  g_auto (AditOvpnAnswers) answers = make_answers ();
  g_autofree char *said = hear_cut (&answers, text, strlen (text), 0);
  g_autofree char *wanted = g_strdup_printf ("[ended %s ", name_of (code));

  if (!g_str_has_prefix (said, LAST) || strstr (said, wanted) == NULL || strstr (said, sentence) == NULL)
    g_error ("%s came to: %s", text, said);
}

static const char whole_talk[] =
  GREETING HOLD "SUCCESS: real-time state notification set to ON\r\nSUCCESS: real-time log notification set to ON\r\n"
  ">LOG:1795263209,D,MANAGEMENT: CMD 'hold release'\r\nSUCCESS: hold release succeeded\r\n" NEED
  "SUCCESS: 'Auth' username entered, but not yet verified\r\n"
  STATE ("WAIT,,,,,,") STATE ("AUTH,,,,,,") ">PASSWORD:Auth-Token:SESS_ID_AT_10lm9Lp\r\n"
  UP STATE ("ASSIGN_IP,,10.65.0.2,,,,") THERE ">BYTECOUNT:2221,956\r\n>BYTECOUNT:9999999999,1\r\n";

static void
test_whole (void)
{
  static const char wanted[] = FIRST "hold release\nusername \"Auth\" \"user\"\npassword \"Auth\" \"good\"\n"
                               "[heard][token SESS_ID_AT_10lm9Lp][assigned 1 1][connected][2221 956][9999999999 1]";
  g_auto (AditOvpnAnswers) answers = make_answers ();

  for (gsize at = 0; at < sizeof whole_talk; at++)
    {
      g_autofree char *said = hear_cut (&answers, whole_talk, strlen (whole_talk), at);

      g_assert_cmpstr (said, ==, wanted);
    }
}

static void
test_hold (void)
{
  expect (HOLD, FIRST "hold release\n");
  expect (HOLD HOLD, LAST "[ended tunnel 0: openvpn would have begun anew]");
  expect (">HOLD:Waiting for hold release:7\r\n", LAST "[ended tunnel 7: openvpn would have begun anew]");
  expect (HOLD STATE ("RECONNECTING,tls-error,,,,,"), FIRST "hold release\n[restarting]");
  expect (HOLD STATE ("RECONNECTING,tls-error,,,,,") ">HOLD:Waiting for hold release:30\r\n",
          LAST "[restarting][ended no-handshake 30: The server did not answer, or not as it should]");
  expect (HOLD STATE ("RECONNECTING,ping-restart,,,,,") ">HOLD:Waiting for hold release:4294967295\r\n",
          LAST "[restarting][ended no-handshake 3600: The server stopped answering]");
  expect_end (HOLD STATE ("RECONNECTING,x,,,,,") ">HOLD:Waiting for hold release:4294967296\r\n", ADIT_ERROR_TUNNEL_FAILED, "");
  expect_end (">HOLD:Waiting\r\n", ADIT_ERROR_TUNNEL_FAILED, "");
  expect_end (">HOLD:Waiting for hold release:-1\r\n", ADIT_ERROR_TUNNEL_FAILED, "");
  /* What it would do in another try is not for this one. */
  expect_end (HOLD STATE ("RECONNECTING,x,,,,,") NEED, ADIT_ERROR_TUNNEL_FAILED, "");
  expect_end (HOLD STATE ("RECONNECTING,x,,,,,") UP, ADIT_ERROR_TUNNEL_FAILED, "");
}

/* "Come again later": for how long is said with the restart, and that is kept. */
static void
test_later (void)
{
#define BUSY ">PASSWORD:Verification Failed: 'Auth' ['TEMP[backoff 7,advance no]:The server is full']\r\n"
#define SAID "The server cannot check the password at present]"
  g_auto (AditOvpnAnswers) answers = make_answers ();
  g_autoptr (AditOvpnManagement) talk = adit_ovpn_management_new (&answers);
  g_auto (AditOvpnEvent) event = { 0 };

  expect (HOLD BUSY, FIRST "hold release\n[restarting]");
  expect (HOLD BUSY STATE ("RECONNECTING,auth-temp-failure (server temporary reject),,,,,"), FIRST "hold release\n[restarting]");
  expect (HOLD BUSY STATE ("RECONNECTING,auth-temp-failure (server temporary reject),,,,,")
          ">HOLD:Waiting for hold release:7\r\n", LAST "[restarting][ended turned-away 7: " SAID);
  expect (HOLD BUSY ">HOLD:Waiting for hold release:7\r\n", LAST "[restarting][ended turned-away 7: " SAID);
  expect (HOLD UP THERE BUSY ">HOLD:Waiting for hold release:7\r\n",
          LAST "[assigned 1 1][connected][restarting][ended turned-away 7: " SAID);
  /* One that does not know of it ends; either way it was not the password. */
  expect (HOLD BUSY STATE ("EXITING,auth-failure,,,,,"), LAST "[restarting][ended turned-away 0: " SAID);
  expect_end (HOLD BUSY NEED, ADIT_ERROR_TUNNEL_FAILED, "does not say");
  expect_end (HOLD BUSY UP, ADIT_ERROR_TUNNEL_FAILED, "does not say");
  /* A block that had begun, and who says that it is up after all. */
  expect_end (HOLD ">UPDOWN:UP\r\n" STATE ("RECONNECTING,x,,,,,") OWN ">UPDOWN:ENV,END\r\n", ADIT_ERROR_TUNNEL_FAILED,
              "does not say");
  expect_end (HOLD UP STATE ("RECONNECTING,x,,,,,") THERE STATE ("EXITING,x,,,,,"), ADIT_ERROR_TUNNEL_FAILED, "could not set");
  /* Whoever waits for the pause in vain gives up on it. */
  adit_ovpn_management_feed (talk, HOLD BUSY, strlen (HOLD BUSY));
  adit_ovpn_management_close (talk);
  g_assert_true (adit_ovpn_management_take_event (talk, &event));
  g_assert_cmpint (event.kind, ==, ADIT_OVPN_RESTARTING);
  g_assert_true (adit_ovpn_management_take_event (talk, &event));
  g_assert_cmpint (event.error, ==, ADIT_ERROR_SERVICE_REFUSED);
  g_assert_cmpuint (event.pause_s, ==, 0);
}

static void
test_secrets (void)
{
  static const char quoted[] = "a\"b\\c d'$(e);\xc3\xa9";
  g_auto (AditOvpnAnswers) answers = make_answers ();
  g_autofree char *longest = g_strnfill (600, '"');

  expect (HOLD ">PASSWORD:Need 'Private Key' password\r\n", FIRST "hold release\npassword \"Private Key\" \"pass phrase\"\n");
  expect_end (NEED, ADIT_ERROR_TUNNEL_FAILED, "");    /* before it was let begin */
  expect_end (HOLD ">PASSWORD:Need 'HTTP Proxy' username/password\r\n", ADIT_ERROR_TUNNEL_FAILED, "");
  expect_end (HOLD ">PASSWORD:Need 'pkcs11 token' password\r\n", ADIT_ERROR_TUNNEL_FAILED, "not told of");
  expect_end (HOLD ">PASSWORD:Need 'Auth' username/password \r\n", ADIT_ERROR_TUNNEL_FAILED, "not told of");
  expect_end (HOLD ">PASSWORD:What\r\n", ADIT_ERROR_TUNNEL_FAILED, "");
  /* A password goes only where it belongs. */
  expect_end (HOLD ">PASSWORD:Need 'Auth' password\r\n", ADIT_ERROR_TUNNEL_FAILED, "");

  clear_answers (&answers);
  expect_of (&answers, HOLD NEED, LAST "[ended refused 0: The server wants a user name and a password]");
  expect_of (&answers, HOLD ">PASSWORD:Need 'Private Key' password\r\n",
             LAST "[ended refused 0: The private key needs a passphrase]");
  answers.username = adit_secret_new (quoted, strlen (quoted));
  answers.password = adit_secret_new ("", 0);
  g_clear_pointer (&answers.password, adit_secret_unref);
  answers.password = adit_secret_new ("a\nsignal SIGHUP", 15);
  expect_of (&answers, HOLD NEED, LAST "[ended malformed 0: A name or password is more than one line]");
  g_clear_pointer (&answers.password, adit_secret_unref);
  answers.password = adit_secret_new (longest, 600);
  expect_of (&answers, HOLD NEED, LAST "[ended malformed 0: A name or password is longer than openvpn takes]");

  g_clear_pointer (&answers.password, adit_secret_unref);
  answers.proxy_username = adit_secret_new ("p", 1);
  answers.proxy_password = adit_secret_new ("q", 1);
  g_assert_true (adit_endpoint_parse ("192.0.2.2:3128", &answers.proxy));
  expect_of (&answers, HOLD ">PASSWORD:Need 'HTTP Proxy' username/password\r\n>PASSWORD:Need 'SOCKS Proxy' username/password\r\n",
             FIRST "hold release\nusername \"HTTP Proxy\" \"p\"\npassword \"HTTP Proxy\" \"q\"\n"
             "username \"SOCKS Proxy\" \"p\"\npassword \"SOCKS Proxy\" \"q\"\n");
}

static void
test_questions (void)
{
#define ASKED ">PASSWORD:Need 'Auth' username/password SC:1,Enter PIN\r\n"
  g_auto (AditOvpnAnswers) answers = make_answers ();

  expect (HOLD ASKED, LAST "[question 'Enter PIN' 1 -]");
  expect (HOLD ">PASSWORD:Need 'Auth' username/password SC:0,\r\n", LAST "[question '' 0 -]");
  expect (HOLD ">PASSWORD:Need 'Auth' username/password SC:1,a\x1b[2J\r\n", LAST "[question '' 1 -]");
  expect_end (HOLD ">PASSWORD:Need 'Auth' username/password SC:3,x\r\n", ADIT_ERROR_TUNNEL_FAILED, "");
  expect_end (HOLD ">PASSWORD:Need 'Auth' username/password SC:1x\r\n", ADIT_ERROR_TUNNEL_FAILED, "");
  expect (HOLD NEED ">PASSWORD:Verification Failed: 'Auth' ['CRV1:R,E:Om01u7Fh4:Y3Ix:Please enter: PIN']\r\n",
          LAST "[question 'Please enter: PIN' 1 Om01u7Fh4]");
  expect (HOLD NEED ">PASSWORD:Verification Failed: 'Auth' ['CRV1:R:Om01u7Fh4:Y3Ix:Echo']\r\n",
          LAST "[question 'Echo' 0 Om01u7Fh4]");
  expect_end (HOLD ">PASSWORD:Verification Failed: 'Auth' ['CRV1:R,E::Y3Ix:x']\r\n", ADIT_ERROR_SERVICE_NONSENSE, "question");
  expect_end (HOLD ">PASSWORD:Verification Failed: 'Auth' ['CRV1:R,E:a b:Y3Ix:x']\r\n", ADIT_ERROR_SERVICE_NONSENSE, "question");
  expect_end (HOLD ">PASSWORD:Verification Failed: 'Auth' ['CRV1:']\r\n", ADIT_ERROR_SERVICE_NONSENSE, "question");
  expect (HOLD ">INFOMSG:CR_TEXT:R,E:What day is it?\r\n", LAST "[question 'What day is it?' 1 -]");
  expect_end (HOLD ">INFOMSG:WEB_AUTH::https://example.org/\r\n", ADIT_ERROR_SERVICE_REFUSED, "web page");
  expect_end (HOLD ">INFOMSG:OPEN_URL:https://example.org/\r\n", ADIT_ERROR_SERVICE_REFUSED, "web page");
  expect (HOLD ">INFOMSG:SOMETHING:else\r\n", FIRST "hold release\n");

  answers.answer = adit_secret_new ("123", 3);
  expect_of (&answers, HOLD ASKED, FIRST "hold release\nusername \"Auth\" \"user\"\npassword \"Auth\" \"SCRV1:Z29vZA==:MTIz\"\n");
  expect_of (&answers, HOLD ASKED ASKED, LAST "[question 'Enter PIN' 1 -]");    /* it holds once */
  expect_of (&answers, HOLD ">INFOMSG:CR_TEXT:R:x\r\n", FIRST "hold release\ncr-response MTIz\n");
  expect_of (&answers, HOLD ">INFOMSG:CR_TEXT:R:x\r\n>INFOMSG:CR_TEXT:R:x\r\n", LAST "[question 'x' 0 -]");
  answers.question = adit_secret_new ("Om01\"", 5);
  expect_of (&answers, HOLD NEED, FIRST "hold release\nusername \"Auth\" \"user\"\npassword \"Auth\" \"CRV1::Om01\\\"::123\"\n");

  /* A token stands for the password and for the answer, whatever was asked. */
  answers.token = adit_secret_new ("SESS", 4);
  expect_of (&answers, HOLD NEED, FIRST "hold release\nusername \"Auth\" \"user\"\npassword \"Auth\" \"SESS\"\n");
  g_clear_pointer (&answers.answer, adit_secret_unref);
  expect_of (&answers, HOLD ASKED, FIRST "hold release\nusername \"Auth\" \"user\"\npassword \"Auth\" \"SESS\"\n");
}

static void
test_ends (void)
{
  expect_end (HOLD ">PASSWORD:Verification Failed: 'Auth'\r\n", ADIT_ERROR_CREDENTIAL_REFUSED, "user name and password");
  expect_end (HOLD ">PASSWORD:Verification Failed: 'Auth' ['go away']\r\n", ADIT_ERROR_CREDENTIAL_REFUSED, "does not take");
  expect_end (HOLD ">PASSWORD:Verification Failed: 'custom'\r\n", ADIT_ERROR_CREDENTIAL_REFUSED, "does not take");
  expect_end (HOLD ">PASSWORD:Verification Failed: 'Private Key'\r\n", ADIT_ERROR_CREDENTIAL_REFUSED, "passphrase");
  expect_end (HOLD ">PASSWORD:Verification Failed: 'HTTP Proxy' ['previous auth credentials failed']\r\n",
              ADIT_ERROR_CREDENTIAL_REFUSED, "proxy");
  expect_end (HOLD ">PASSWORD:Verification Failed: 'Auth' ['Data channel cipher negotiation failed (no shared cipher)']\r\n",
              ADIT_ERROR_TUNNEL_FAILED, "no cipher that is allowed");
  expect_end (HOLD STATE ("EXITING,auth-failure,,,,,"), ADIT_ERROR_CREDENTIAL_REFUSED, "");
  expect_end (HOLD STATE ("EXITING,SIGTERM,,,,,"), ADIT_ERROR_TUNNEL_FAILED, "gave up");
  expect_end (HOLD STATE ("EXITING,,,,,,"), ADIT_ERROR_TUNNEL_FAILED, "gave up");
  expect_end (">FATAL:Cannot ioctl TUNSETIFF adit0: Operation not permitted (errno=1)\r\n", ADIT_ERROR_TUNNEL_FAILED, "device");
  expect_end (">FATAL:anything\r\n", ADIT_ERROR_TUNNEL_FAILED, "could not go on");
  expect_end ("ERROR: unknown command, enter 'help' for more options\r\n", ADIT_ERROR_TUNNEL_FAILED, "refused");
  expect_end (">NEED-OK:Need 'token-insertion-request' confirmation MSG:x\r\n", ADIT_ERROR_TUNNEL_FAILED, "not told of");
  expect_end (">NEED-STR:Need 'name' input MSG:x\r\n", ADIT_ERROR_TUNNEL_FAILED, "not told of");
  expect_end (">PROXY:1,TCP,vpn.example\r\n", ADIT_ERROR_TUNNEL_FAILED, "not told of");
  expect_end (">PK_SIGN:AAAA,RSA_PKCS1_PADDING\r\n", ADIT_ERROR_TUNNEL_FAILED, "not told of");
  expect_end (HOLD THERE, ADIT_ERROR_TUNNEL_FAILED, "set the tunnel up");    /* without addresses */
  expect_end (HOLD UP THERE THERE, ADIT_ERROR_TUNNEL_FAILED, "set the tunnel up");
  expect_end (HOLD UP STATE ("CONNECTED,ERROR,10.65.0.2,192.0.2.1,1194,,"), ADIT_ERROR_TUNNEL_FAILED, "set the tunnel up");
  expect_end (HOLD UP STATE ("CONNECTED,SUCCESS,10.65.0.2,192.0.2.2,1194,,"), ADIT_ERROR_TUNNEL_FAILED, "another server");
  expect_end (HOLD UP STATE ("CONNECTED,SUCCESS,10.65.0.2,192.0.2.1,1195,,"), ADIT_ERROR_TUNNEL_FAILED, "another server");
  expect_end (HOLD UP STATE ("CONNECTED"), ADIT_ERROR_TUNNEL_FAILED, "");
  expect_end (HOLD UP STATE ("CONNECTED,SUCCESS,,"), ADIT_ERROR_TUNNEL_FAILED, "");
  expect_end (HOLD ">UPDOWN:UP\r\n>UPDOWN:ENV,END\r\n", ADIT_ERROR_SERVICE_NONSENSE, "no address");
  expect_end (HOLD ">UPDOWN:UP\r\n>UPDOWN:ENV,ifconfig_local=$(reboot)\r\n", ADIT_ERROR_SERVICE_NONSENSE, "cannot be used");
  expect_end (HOLD ">UPDOWN:UP\r\n>UPDOWN:ENV,nonsense\r\n", ADIT_ERROR_TUNNEL_FAILED, "");
  expect_end (HOLD ">UPDOWN:ENV,a=b\r\n", ADIT_ERROR_TUNNEL_FAILED, "");
  expect_end (UP, ADIT_ERROR_TUNNEL_FAILED, "");
  expect_end (HOLD UP UP, ADIT_ERROR_TUNNEL_FAILED, "");
  expect_end (HOLD ">BYTECOUNT:1\r\n", ADIT_ERROR_TUNNEL_FAILED, "");
  expect_end (HOLD ">BYTECOUNT:1,-1\r\n", ADIT_ERROR_TUNNEL_FAILED, "");
  expect_end (HOLD ">BYTECOUNT:18446744073709551615,1\r\n", ADIT_ERROR_TUNNEL_FAILED, "");

  /* The environment of a tunnel that goes says nothing, nor does what is of no known kind. */
  expect (HOLD ">UPDOWN:DOWN\r\n>UPDOWN:ENV,ifconfig_local=$(reboot)\r\n>UPDOWN:ENV,END\r\n", FIRST "hold release\n");
  expect (HOLD ">NEWS:x\r\nEND\r\n\r\n>BYTECOUNT:1,2\r\n" STATE ("AUTH_PENDING,timeout 60,,,,"), FIRST "hold release\n");
}

static void
test_remote (void)
{
  expect (HOLD ">REMOTE:192.0.2.1,1194,udp\r\n", FIRST "hold release\nremote ACCEPT\n");
  expect_end (HOLD ">REMOTE:192.0.2.1,1194,tcp-client\r\n", ADIT_ERROR_TUNNEL_FAILED, "another server");
  expect_end (HOLD ">REMOTE:192.0.2.1,1195,udp\r\n", ADIT_ERROR_TUNNEL_FAILED, "another server");
  expect_end (HOLD ">REMOTE:192.0.2.2,1194,udp\r\n", ADIT_ERROR_TUNNEL_FAILED, "another server");
  expect_end (HOLD ">REMOTE:vpn.example,1194,udp\r\n", ADIT_ERROR_TUNNEL_FAILED, "another server");
  expect_end (HOLD ">REMOTE:192.0.2.1\r\n", ADIT_ERROR_TUNNEL_FAILED, "another server");
}

static void
test_reasons (void)
{
#define RESTART STATE ("RECONNECTING,tls-error,,,,,") ">HOLD:Waiting for hold release:1\r\n"
  static const struct { const char *log; AditError code; const char *sentence; } rows[] = {
    { LOG ("VERIFY X509NAME ERROR: CN=server.example, must be other.example"), ADIT_ERROR_SERVICE_UNTRUSTED, "another name" },
    { LOG ("VERIFY ERROR: depth=1, error=self-signed certificate in certificate chain: CN=Lab CA, serial=2"),
      ADIT_ERROR_SERVICE_UNTRUSTED, "does not end" },
    { LOG ("VERIFY ERROR: depth=0, error=certificate has expired: CN=x"), ADIT_ERROR_WRONG_CLOCK, "expired" },
    { LOG ("VERIFY ERROR: depth=0, error=certificate is not yet valid: CN=x"), ADIT_ERROR_WRONG_CLOCK, "not valid yet" },
    { LOG ("VERIFY ERROR: depth=0, error=something new: CN=x"), ADIT_ERROR_SERVICE_UNTRUSTED, "not one to trust" },
    { LOG ("OpenSSL: error:0A00042E:SSL routines::tlsv1 alert protocol version:SSL alert number 70"), ADIT_ERROR_TUNNEL_FAILED,
      "version of TLS" },
    { LOG ("tls-crypt unwrap error: packet authentication failed"), ADIT_ERROR_NO_HANDSHAKE, "does not have its key" },
    { LOG ("TLS Error: TLS key negotiation failed to occur within 60 seconds"), ADIT_ERROR_NO_HANDSHAKE, "did not answer" },
    /* The first that explains stays, but for the weak ones. */
    { LOG ("VERIFY X509NAME ERROR: x") LOG ("OpenSSL: error:0A000086:SSL routines::unsupported protocol:"),
      ADIT_ERROR_SERVICE_UNTRUSTED, "another name" },
    { LOG ("tls-crypt unwrap error: x") LOG ("VERIFY EKU ERROR"), ADIT_ERROR_SERVICE_UNTRUSTED, "not one for a server" },
    { LOG ("tls-crypt unwrap error: x") LOG ("TCP: connect to x"), ADIT_ERROR_NO_HANDSHAKE, "does not have its key" },
    /* A name is no message. */
    { LOG ("VERIFY OK: depth=1, CN=VERIFY X509NAME ERROR: x"), ADIT_ERROR_NO_HANDSHAKE, "did not answer" },
    { LOG ("VERIFY ERROR: depth=0, CN=error=certificate has expired"), ADIT_ERROR_NO_HANDSHAKE, "did not answer" },
    { ">LOG:x\r\n>LOG:x,y\r\n>LOG:\r\n", ADIT_ERROR_NO_HANDSHAKE, "did not answer" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strconcat (HOLD, rows[i].log, RESTART, NULL);

      expect_end (text, rows[i].code, rows[i].sentence);
    }
  expect_end (HOLD LOG ("HTTP proxy returned: 'HTTP/1.1 200 OK'") STATE ("RECONNECTING,HTTP proxy error,,,,,")
              ">HOLD:Waiting for hold release:1\r\n", ADIT_ERROR_NO_HANDSHAKE, "proxy refused");
  expect_end (HOLD LOG ("HTTP proxy returned: 'HTTP/1.0 401 Unauthorized'") STATE ("RECONNECTING,HTTP proxy error,,,,,")
              ">HOLD:Waiting for hold release:1\r\n", ADIT_ERROR_CREDENTIAL_REFUSED, "proxy wants");
  expect_end (HOLD LOG ("Proxy requires authentication") STATE ("RECONNECTING,HTTP proxy error,,,,,")
              ">HOLD:Waiting for hold release:1\r\n", ADIT_ERROR_CREDENTIAL_REFUSED, "proxy wants");
  /* What anybody can provoke by a packet ends nothing, and explains no end of another kind. */
  expect (HOLD LOG ("tls-crypt unwrap error: packet authentication failed"), FIRST "hold release\n");
  expect_end (HOLD LOG ("tls-crypt unwrap error: x")
              STATE ("RECONNECTING,ping-restart,,,,,") ">HOLD:Waiting for hold release:1\r\n",
              ADIT_ERROR_NO_HANDSHAKE, "stopped answering");
  expect_end (HOLD LOG ("VERIFY EKU ERROR") UP THERE RESTART, ADIT_ERROR_NO_HANDSHAKE, "or not as it should");
}

/* The server answers to whoever had the port before.  Anybody can say so in its name: it is told once, and only until the server
 * itself has answered; the talk goes on. */
static void
test_mistaken (void)
{
#define UNROUTABLE LOG ("TLS Error: Unroutable control packet received from [AF_INET]192.0.2.1:1194 (si=3 op=P_ACK_V1)")
#define WAIT       STATE ("WAIT,,,,,,")
#define AUTH       STATE ("AUTH,,,,,,")
  g_auto (AditOvpnAnswers) answers = make_answers ();
  g_autoptr (AditOvpnManagement) talk = adit_ovpn_management_new (&answers);
  AditOvpnEvent event;

  expect (HOLD WAIT UNROUTABLE UNROUTABLE, FIRST "hold release\n[mistaken]");
  expect (HOLD WAIT AUTH UNROUTABLE, FIRST "hold release\n[heard]");
  expect (HOLD WAIT UNROUTABLE AUTH UNROUTABLE, FIRST "hold release\n[mistaken][heard]");
  adit_ovpn_management_feed (talk, HOLD WAIT UNROUTABLE, strlen (HOLD WAIT UNROUTABLE));
  adit_ovpn_management_close (talk);    /* it was waited for */
  g_assert_true (adit_ovpn_management_take_event (talk, &event) && event.kind == ADIT_OVPN_MISTAKEN);
  g_assert_true (adit_ovpn_management_take_event (talk, &event) && event.kind == ADIT_OVPN_ENDED);
  g_assert_cmpint (event.error, ==, ADIT_ERROR_NO_HANDSHAKE);
  g_assert_nonnull (strstr (event.sentence, "a moment ago"));
}

static void
test_strange_bytes (void)
{
  g_auto (AditOvpnAnswers) answers = make_answers ();
  g_autofree char *line = g_strnfill (ADIT_OVPN_LINE_MAX_BYTES + 1, 'x'), *said = NULL, *again = NULL;
  g_autoptr (AditOvpnManagement) talk = adit_ovpn_management_new (&answers);
  AditOvpnEvent event;
  guint n_lines = 0;

  said = hear_cut (&answers, line, ADIT_OVPN_LINE_MAX_BYTES, 1);    /* as long as a line may be */
  g_assert_cmpstr (said, ==, FIRST);
  g_clear_pointer (&said, g_free);
  said = hear_cut (&answers, line, ADIT_OVPN_LINE_MAX_BYTES + 1, 1);
  g_assert_true (g_str_has_prefix (said, LAST "[ended tunnel"));
  again = hear_cut (&answers, HOLD ">NEWS:\0\r\n", strlen (HOLD) + 9, 0);
  g_assert_true (g_str_has_prefix (again, LAST "[ended tunnel"));

  /* Without end: environment, and questions by somebody who reads no answers. */
  adit_ovpn_management_feed (talk, HOLD ">UPDOWN:UP\r\n", strlen (HOLD ">UPDOWN:UP\r\n"));
  while (!adit_ovpn_management_take_event (talk, &event) && ++n_lines < 10000)
    adit_ovpn_management_feed (talk, ">UPDOWN:ENV,a=b\n", 16);
  g_assert_cmpuint (n_lines, ==, ADIT_OVPN_ENV_MAX_LINES + 1);
  g_clear_pointer (&talk, adit_ovpn_management_free);
  talk = adit_ovpn_management_new (&answers);
  adit_ovpn_management_feed (talk, HOLD, strlen (HOLD));
  for (n_lines = 0; !adit_ovpn_management_take_event (talk, &event) && n_lines < 10000; n_lines++)
    adit_ovpn_management_feed (talk, NEED, strlen (NEED));
  g_assert_cmpint (event.kind, ==, ADIT_OVPN_ENDED);
  g_assert_cmpuint (n_lines, <, 1000);

  /* After its end nothing is heard, and closing says nothing new. */
  adit_ovpn_management_feed (talk, whole_talk, strlen (whole_talk));
  adit_ovpn_management_close (talk);
  g_assert_false (adit_ovpn_management_take_event (talk, &event));
}

static void
say_and_expect (AditOvpnManagement *talk, const char *heard, const char *said)
{
  const guint8 *output;
  gsize length;

  adit_ovpn_management_feed (talk, heard, strlen (heard));
  output = adit_ovpn_management_peek_output (talk, &length);
  g_assert_cmpmem (output, length, said, strlen (said));
  adit_ovpn_management_drop_output (talk, length);
}

/* It ends where the farewell has left, not where it is about to; asked twice openvpn would end without one. */
static void
test_leave (void)
{
  static const AditOvpnAnswers answers;
  g_autoptr (AditOvpnManagement) talk = adit_ovpn_management_new (&answers);

  say_and_expect (talk, GREETING HOLD, FIRST "hold release\n");
  say_and_expect (talk, "SUCCESS: pid=7\r\nSUCCESS: signal SIGTERM thrown\r\n", "");    /* nobody has asked */
  adit_ovpn_management_leave (talk);
  say_and_expect (talk, "SUCCESS: hold release succeeded\r\n" LOG ("SIGTERM received, sending exit notification to peer"), LAST);
  say_and_expect (talk, ">HOLD:Waiting for hold release:0\r\n>PASSWORD:Need 'Auth' username/password\r\n"
                  ">NEED-OK:Need 'token-insertion-request' confirmation MSG:x\r\nERROR: command failed\r\n", "");
  g_assert_false (adit_ovpn_management_is_over (talk));
  say_and_expect (talk, "SUCCESS: signal SIGTERM thrown\r\n", "pid\n");
  g_assert_false (adit_ovpn_management_is_over (talk));
  say_and_expect (talk, "SUCCESS: pid=7\r\n", LAST);    /* and now at once */
  g_assert_true (adit_ovpn_management_is_over (talk));
}

/* Also where the talk has ended for a reason of ours. */
static void
test_leave_ended (void)
{
  static const AditOvpnAnswers answers;
  g_autoptr (AditOvpnManagement) talk = adit_ovpn_management_new (&answers);

  say_and_expect (talk, GREETING HOLD, FIRST "hold release\n");
  say_and_expect (talk, ">NEED-OK:Need 'token-insertion-request' confirmation MSG:x\r\n", LAST);
  g_assert_true (adit_ovpn_management_is_over (talk));
  adit_ovpn_management_leave (talk);
  g_assert_false (adit_ovpn_management_is_over (talk));
  say_and_expect (talk, "SUCCESS: signal SIGTERM thrown\r\n", "pid\n");
  say_and_expect (talk, "SUCCESS: pid=7\r\n", LAST);
  g_assert_true (adit_ovpn_management_is_over (talk));
}

static void
test_close (void)
{
  g_auto (AditOvpnAnswers) answers = make_answers ();
  g_autoptr (AditOvpnManagement) talk = adit_ovpn_management_new (&answers);
  AditOvpnEvent event;

  adit_ovpn_management_close (talk);
  g_assert_true (adit_ovpn_management_take_event (talk, &event));
  g_assert_cmpint (event.kind, ==, ADIT_OVPN_ENDED);
  g_assert_cmpint (event.error, ==, ADIT_ERROR_TUNNEL_FAILED);
  adit_ovpn_management_close (talk);
  g_assert_false (adit_ovpn_management_take_event (talk, &event));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ovpn-management/whole", test_whole);
  g_test_add_func ("/ovpn-management/hold", test_hold);
  g_test_add_func ("/ovpn-management/later", test_later);
  g_test_add_func ("/ovpn-management/secrets", test_secrets);
  g_test_add_func ("/ovpn-management/questions", test_questions);
  g_test_add_func ("/ovpn-management/ends", test_ends);
  g_test_add_func ("/ovpn-management/remote", test_remote);
  g_test_add_func ("/ovpn-management/reasons", test_reasons);
  g_test_add_func ("/ovpn-management/mistaken", test_mistaken);
  g_test_add_func ("/ovpn-management/strange-bytes", test_strange_bytes);
  g_test_add_func ("/ovpn-management/leave", test_leave);
  g_test_add_func ("/ovpn-management/leave-ended", test_leave_ended);
  g_test_add_func ("/ovpn-management/close", test_close);
  return g_test_run ();
}
