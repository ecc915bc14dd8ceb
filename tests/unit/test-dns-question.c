/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-dns-question.c: questions byte by byte, and answers as they should be, cut at every byte, and spoilt in every way. */
#include "client/worker/dns-question.h"

#include <string.h>

#define ID   0x1234
#define HOST "a.bc"
/* header; 1 a 2 bc 0; A, IN */
#define QUESTION "\1a\2bc\0\0\1\0\1"
#define HEAD(flags, n) "\x12\x34" flags "\0\1\0" n "\0\0\0\0" QUESTION
#define OWNER    "\xc0\x0c"
#define A(bytes) OWNER "\0\1\0\1\0\0\0\x3c\0\4" bytes
#define ALIAS    OWNER "\0\5\0\1\0\0\0\x3c\0\6\3cdn\xc0\x0c"
#define FINE     (-1)
#define BYTES(text) text, sizeof text - 1

#define QUESTION6 "\1a\2bc\0\0\x1c\0\1"
#define HEAD6(n) "\x12\x34\x81\x80\0\1\0" n "\0\0\0\0" QUESTION6
#define AAAA(bytes) OWNER "\0\x1c\0\1\0\0\0\x3c\0\x10" bytes
#define DOCUMENTED "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0"
#define LINK(from, to) "\1" from OWNER "\0\5\0\1\0\0\0\x3c\0\4\1" to OWNER
#define FIRST_LINK(to) OWNER "\0\5\0\1\0\0\0\x3c\0\4\1" to OWNER
#define CHAIN_8 FIRST_LINK ("q") LINK ("q", "r") LINK ("r", "s") LINK ("s", "t") LINK ("t", "u") LINK ("u", "v") LINK ("v", "w") \
                LINK ("w", "x")
#define END(name) "\1" name OWNER "\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x0a"

/* @addresses, a space between two, is of the IPv6 question where @name ends in "6". */
typedef struct { const char *name, *bytes; gsize length; int error; const char *addresses; } Case;

static const Case cases[] = {
  { "good", BYTES (HEAD ("\x81\x80", "\1") A ("\xc0\0\2\x0a")), FINE, "192.0.2.10" },
  { "authoritative", BYTES (HEAD ("\x85\x80", "\1") A ("\xc0\0\2\x0a")), FINE, "192.0.2.10" },
  { "two", BYTES (HEAD ("\x81\x80", "\2") A ("\xc0\0\2\x0a") A ("\xc0\0\2\x0b")), FINE, "192.0.2.10 192.0.2.11" },
  { "twice", BYTES (HEAD ("\x81\x80", "\2") A ("\xc0\0\2\x0a") A ("\xc0\0\2\x0a")), FINE, "192.0.2.10" },
  { "five", BYTES (HEAD ("\x81\x80", "\5") A ("\xc0\0\2\1") A ("\xc0\0\2\2") A ("\xc0\0\2\3") A ("\xc0\0\2\4") A ("\xc0\0\2\5")),
    FINE, "192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4" },
  { "good-6", BYTES (HEAD6 ("\1") AAAA (DOCUMENTED "\1")), FINE, "2001:db8::1" },
  { "two-6", BYTES (HEAD6 ("\2") AAAA (DOCUMENTED "\1") AAAA (DOCUMENTED "\2")), FINE, "2001:db8::1 2001:db8::2" },
  { "both-6", BYTES (HEAD6 ("\2") A ("\xc0\0\2\x0a") AAAA (DOCUMENTED "\1")), FINE, "2001:db8::1" },
  { "alias-behind", BYTES (HEAD ("\x81\x80", "\2") "\3cdn\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x0a" ALIAS), FINE, "192.0.2.10" },
  { "eight-aliases", BYTES (HEAD ("\x81\x80", "\x09") CHAIN_8 END ("x")), FINE, "192.0.2.10" },
  { "owner-in-capitals", BYTES (HEAD ("\x81\x80", "\1") "\1A\2BC\0\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x0a"), FINE, "192.0.2.10" },
  { "others-beside", BYTES (HEAD ("\x81\x80", "\2") END ("q") A ("\xc0\0\2\x0b")), FINE, "192.0.2.11" },
  { "alias", BYTES (HEAD ("\x81\x80", "\2") ALIAS "\3cdn\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x0a"), FINE, "192.0.2.10" },
  { "full-name", BYTES (HEAD ("\x81\x80", "\1") "\1a\2bc\0\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x0a"), FINE, "192.0.2.10" },
  { "more-behind", BYTES (HEAD ("\x81\x80", "\1") A ("\xc0\0\2\x0a") "whatever"), FINE, "192.0.2.10" },
  { "other-case", BYTES ("\x12\x34\x81\x80\0\1\0\1\0\0\0\0\1A\2bC\0\0\1\0\1" A ("\xc0\0\2\x0a")), FINE, "192.0.2.10" },

  { "private", BYTES (HEAD ("\x81\x80", "\1") A ("\x0a\0\0\1")), ADIT_ERROR_SERVICE_NONSENSE },
  { "home", BYTES (HEAD ("\x81\x80", "\1") A ("\xc0\xa8\0\1")), ADIT_ERROR_SERVICE_NONSENSE },
  { "loopback", BYTES (HEAD ("\x81\x80", "\1") A ("\x7f\0\0\1")), ADIT_ERROR_SERVICE_NONSENSE },
  { "nowhere", BYTES (HEAD ("\x81\x80", "\1") A ("\0\0\0\0")), ADIT_ERROR_SERVICE_NONSENSE },
  { "all", BYTES (HEAD ("\x81\x80", "\1") A ("\xff\xff\xff\xff")), ADIT_ERROR_SERVICE_NONSENSE },
  { "none", BYTES (HEAD ("\x81\x80", "\0")), ADIT_ERROR_SERVICE_REFUSED },
  { "record-not-counted", BYTES (HEAD ("\x81\x80", "\0") A ("\xc0\0\2\x0a")), ADIT_ERROR_SERVICE_REFUSED },
  { "private-beside-public", BYTES (HEAD ("\x81\x80", "\2") A ("\xc0\0\2\x0a") A ("\x0a\0\0\1")), ADIT_ERROR_SERVICE_NONSENSE },
  { "loopback-6", BYTES (HEAD6 ("\1") AAAA ("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1")), ADIT_ERROR_SERVICE_NONSENSE },
  { "unique-local-6", BYTES (HEAD6 ("\1") AAAA ("\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1")), ADIT_ERROR_SERVICE_NONSENSE },
  { "ipv4-in-6", BYTES (HEAD6 ("\1") AAAA ("\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\x0a")), ADIT_ERROR_SERVICE_NONSENSE },
  { "ipv4-alone-6", BYTES (HEAD6 ("\1") A ("\xc0\0\2\x0a")), ADIT_ERROR_SERVICE_REFUSED },
  { "short-6", BYTES (HEAD6 ("\1") OWNER "\0\x1c\0\1\0\0\0\x3c\0\4\x20\1\x0d\xb8"), ADIT_ERROR_SERVICE_NONSENSE },
  { "other-family-6", BYTES (HEAD ("\x81\x80", "\1") A ("\xc0\0\2\x0a")), ADIT_ERROR_SERVICE_NONSENSE },
  { "others-alone", BYTES (HEAD ("\x81\x80", "\1") END ("q")), ADIT_ERROR_SERVICE_REFUSED },
  { "alias-to-itself", BYTES (HEAD ("\x81\x80", "\1") OWNER "\0\5\0\1\0\0\0\x3c\0\2\xc0\x0c"), ADIT_ERROR_SERVICE_NONSENSE },
  { "alias-loop", BYTES (HEAD ("\x81\x80", "\3") FIRST_LINK ("q") LINK ("q", "r") LINK ("r", "q")), ADIT_ERROR_SERVICE_NONSENSE },
  { "nine-aliases", BYTES (HEAD ("\x81\x80", "\x0a") CHAIN_8 LINK ("x", "y") END ("y")), ADIT_ERROR_SERVICE_NONSENSE },
  { "alias-longer-than-its-record", BYTES (HEAD ("\x81\x80", "\1") OWNER "\0\5\0\1\0\0\0\x3c\0\2\3cdn\xc0\x0c"),
    ADIT_ERROR_SERVICE_NONSENSE },
  { "alias-shorter-than-its-record", BYTES (HEAD ("\x81\x80", "\1") OWNER "\0\5\0\1\0\0\0\x3c\0\3\xc0\x0c\0"),
    ADIT_ERROR_SERVICE_NONSENSE },
  { "pointer-ahead", BYTES (HEAD ("\x81\x80", "\1") "\xc0\x19\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x0a"), ADIT_ERROR_SERVICE_NONSENSE },
  { "pointer-into-the-header", BYTES (HEAD ("\x81\x80", "\1") "\xc0\0\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x0a"),
    ADIT_ERROR_SERVICE_NONSENSE },
  { "alias-alone", BYTES (HEAD ("\x81\x80", "\1") ALIAS), ADIT_ERROR_SERVICE_REFUSED },
  { "other-type", BYTES (HEAD ("\x81\x80", "\1") OWNER "\0\2\0\1\0\0\0\x3c\0\4\xc0\0\2\x0a"), ADIT_ERROR_SERVICE_REFUSED },
  { "other-class", BYTES (HEAD ("\x81\x80", "\1") OWNER "\0\1\0\3\0\0\0\x3c\0\4\xc0\0\2\x0a"), ADIT_ERROR_SERVICE_REFUSED },
  { "no-such-name", BYTES (HEAD ("\x81\x83", "\0")), ADIT_ERROR_SERVICE_REFUSED },
  { "server-failure", BYTES (HEAD ("\x81\x82", "\0")), ADIT_ERROR_SERVICE_REFUSED },
  { "refused-with-address", BYTES (HEAD ("\x81\x85", "\1") A ("\xc0\0\2\x0a")), ADIT_ERROR_SERVICE_REFUSED },

  { "other-id", BYTES ("\x12\x35\x81\x80\0\1\0\1\0\0\0\0" QUESTION A ("\xc0\0\2\x0a")), ADIT_ERROR_SERVICE_NONSENSE },
  { "question-back", BYTES (HEAD ("\x01\x00", "\1") A ("\xc0\0\2\x0a")), ADIT_ERROR_SERVICE_NONSENSE },
  { "other-opcode", BYTES (HEAD ("\xa9\x80", "\1") A ("\xc0\0\2\x0a")), ADIT_ERROR_SERVICE_NONSENSE },
  { "cut-flag", BYTES (HEAD ("\x83\x80", "\1") A ("\xc0\0\2\x0a")), ADIT_ERROR_SERVICE_NONSENSE },
  { "no-question", BYTES ("\x12\x34\x81\x80\0\0\0\1\0\0\0\0" A ("\xc0\0\2\x0a")), ADIT_ERROR_SERVICE_NONSENSE },
  { "two-questions", BYTES ("\x12\x34\x81\x80\0\2\0\1\0\0\0\0" QUESTION A ("\xc0\0\2\x0a")), ADIT_ERROR_SERVICE_NONSENSE },
  { "other-name", BYTES ("\x12\x34\x81\x80\0\1\0\1\0\0\0\0\1a\2bd\0\0\1\0\1" A ("\xc0\0\2\x0a")), ADIT_ERROR_SERVICE_NONSENSE },
  { "other-question-type", BYTES ("\x12\x34\x81\x80\0\1\0\1\0\0\0\0\1a\2bc\0\0\x1c\0\1" A ("\xc0\0\2\x0a")),
    ADIT_ERROR_SERVICE_NONSENSE },
  { "short-address", BYTES (HEAD ("\x81\x80", "\1") OWNER "\0\1\0\1\0\0\0\x3c\0\3\xc0\0\2"), ADIT_ERROR_SERVICE_NONSENSE },
  { "long-address", BYTES (HEAD ("\x81\x80", "\1") OWNER "\0\1\0\1\0\0\0\x3c\0\5\xc0\0\2\x0a\0"), ADIT_ERROR_SERVICE_NONSENSE },
  { "length-beyond-end", BYTES (HEAD ("\x81\x80", "\1") OWNER "\0\1\0\1\0\0\0\x3c\xff\xff\xc0\0\2\x0a"),
    ADIT_ERROR_SERVICE_NONSENSE },
  { "fewer-than-counted", BYTES (HEAD ("\x81\x80", "\xff") A ("\x0a\0\0\1")), ADIT_ERROR_SERVICE_NONSENSE },
  { "pointer-to-itself", BYTES (HEAD ("\x81\x80", "\1") "\xc0\x16"), ADIT_ERROR_SERVICE_NONSENSE },
  { "half-a-pointer", BYTES (HEAD ("\x81\x80", "\1") "\xc0"), ADIT_ERROR_SERVICE_NONSENSE },
  { "reserved-label", BYTES (HEAD ("\x81\x80", "\1") "\x80" "a\0\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x0a"),
    ADIT_ERROR_SERVICE_NONSENSE },
  { "label-beyond-end", BYTES (HEAD ("\x81\x80", "\1") "\x3f" "abc"), ADIT_ERROR_SERVICE_NONSENSE },
};

static AditDnsQuestion
ask (gboolean ipv6)
{
  return (AditDnsQuestion) { .host = HOST, .id = ID, .family = ipv6 ? ADIT_FAMILY_IPV6 : ADIT_FAMILY_IPV4 };
}

static void
test_answer (gconstpointer data)
{
  const Case *row = data;
  AditDnsQuestion question = ask (g_str_has_suffix (row->name, "6"));
  AditAddress addresses[ADIT_DNS_MAX_ADDRESSES] = { 0 }, untouched = { 0 }, wanted;
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *copy = g_memdup2 (row->bytes, row->length);    /* so that a read beyond it is seen */
  guint n_addresses = 0;
  gboolean found = adit_dns_answer_parse (&question, copy, row->length, addresses, &n_addresses, &error);
  g_auto (GStrv) texts = NULL;

  if (row->error != FINE)
    {
      g_assert_false (found);
      g_assert_error (error, ADIT_ERROR, row->error);
      g_assert_true (adit_address_equal (&addresses[0], &untouched));
      return;
    }
  g_assert_no_error (error);
  g_assert_true (found);
  texts = g_strsplit (row->addresses, " ", -1);
  g_assert_cmpuint (n_addresses, ==, g_strv_length (texts));
  for (guint i = 0; i < n_addresses; i++)
    {
      g_assert_true (adit_address_parse (texts[i], &wanted));
      g_assert_true (adit_address_equal (&addresses[i], &wanted));
    }
}

/* Wherever it ends too early, it is no answer. */
static void
test_cut (void)
{
  for (gsize length = 0; length < cases[0].length; length++)
    {
      g_autofree guint8 *copy = g_memdup2 (cases[0].bytes, length);
      AditDnsQuestion question = ask (FALSE);
      AditAddress addresses[ADIT_DNS_MAX_ADDRESSES];
      guint n_addresses;
      g_autoptr (GError) error = NULL;

      g_assert_false (adit_dns_answer_parse (&question, copy, length, addresses, &n_addresses, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
    }
}

static void
test_too_long (void)
{
  g_autofree guint8 *message = g_malloc0 (ADIT_DNS_ANSWER_MAX_BYTES + 1);
  AditDnsQuestion question = ask (FALSE);
  AditAddress addresses[ADIT_DNS_MAX_ADDRESSES];
  guint n_addresses;

  memcpy (message, cases[0].bytes, cases[0].length);
  g_assert_true (adit_dns_answer_parse (&question, message, ADIT_DNS_ANSWER_MAX_BYTES, addresses, &n_addresses, NULL));
  g_assert_false (adit_dns_answer_parse (&question, message, ADIT_DNS_ANSWER_MAX_BYTES + 1, addresses, &n_addresses, NULL));
}

static void
test_question (void)
{
  static const guint8 wanted[] = "\x12\x34\x01\x00\0\1\0\0\0\0\0\0" QUESTION;
  static const guint8 wanted6[] = "\x12\x34\x01\x00\0\1\0\0\0\0\0\0" QUESTION6;
  AditDnsQuestion question = ask (FALSE), question6 = ask (TRUE);
  guint8 message[ADIT_DNS_QUESTION_MAX_BYTES];

  g_assert_cmpmem (message, adit_dns_question_encode (&question, message), wanted, sizeof wanted - 1);
  g_assert_cmpmem (message, adit_dns_question_encode (&question6, message), wanted6, sizeof wanted6 - 1);
}

static void
test_hosts (void)
{
  g_autofree char *label_63 = g_strnfill (63, 'a'), *label_64 = g_strnfill (64, 'a');
  g_autofree char *name_253 = g_strdup_printf ("%s.%s.%s.%.61s", label_63, label_63, label_63, label_63);
  g_autofree char *name_254 = g_strdup_printf ("%s.%s.%s.%.62s", label_63, label_63, label_63, label_63);
  const struct { const char *host; gsize length; } rows[] = {
    { "ipv4.am.i.mullvad.net", 12 + 23 + 4 }, { "a", 12 + 3 + 4 }, { label_63, 12 + 65 + 4 },
    { name_253, ADIT_DNS_QUESTION_MAX_BYTES },    /* 255 bytes on the wire */
    { name_254, 0 }, { label_64, 0 }, { "", 0 }, { ".", 0 }, { "a.", 0 }, { ".a", 0 }, { "a..b", 0 }, { "a b", 0 }, { "a_b", 0 },
    { "\xc3\xa4", 0 }, { "a/b", 0 }, { "a\n", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree guint8 *message = g_malloc (ADIT_DNS_QUESTION_MAX_BYTES);
      AditDnsQuestion question = { .host = rows[i].host, .id = ID, .family = ADIT_FAMILY_IPV4 };

      g_assert_cmpuint (adit_dns_question_encode (&question, message), ==, rows[i].length);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/dns-question/answer/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_answer);
    }
  g_test_add_func ("/dns-question/cut", test_cut);
  g_test_add_func ("/dns-question/too-long", test_too_long);
  g_test_add_func ("/dns-question/question", test_question);
  g_test_add_func ("/dns-question/hosts", test_hosts);
  return g_test_run ();
}
