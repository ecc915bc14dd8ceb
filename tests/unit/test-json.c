/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-json.c: what the strict reader takes, and that its refusals never repeat what they refuse. */
#include "client/provider/json.h"

#include <string.h>

#include "client/base/error.h"
#include "tests/unit/json-peer.h"

/* Texts that need no escape. */
static AditJson *
make (const char *field, const char *text)
{
  g_autofree char *object = g_strdup_printf ("{\"%s\":\"%s\"}", field, text);

  return adit_json_parse (object, strlen (object), 1000, NULL);
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "", "{", "[1,]", "nonsense", "\"alone\"", "3", "null", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":1}}", "{} {}",
    "{\"a\":1}x",
    "{'a':1}", "{\"a\":NaN}", "{\"a\":\"\xff\"}", "{\"a\":\"\\u0000\"}", "{\"a\":\"\\ud800\"}", "<html></html>", "{\"a\":01}",
    "{\"a\":\"line\nbreak\"}", "{\"a\":99999999999999999999}", "{\"a\":1e999}", "\xef\xbb\xbf{}",
    /* A key that is expected after another: what it means is no way to write it. */
    "[{\"x\":1,\"a\\\"b\":2},{\"x\":1,\"a\"b\":2}]", "[{\"x\":1,\"a\\nb\":2},{\"x\":1,\"a\nb\":2}]",
    "[{\"x\":1,\"a\\\\\":2},{\"x\":1,\"a\\\":2}]",
    /* RFC 3629, 3: a longer form than the shortest, half of a pair, beyond the last character; in a key, too. */
    "[\"\xc0\x80\"]", "[\"\xe0\x80\xaf\"]", "[\"\xed\xa0\x80\"]", "[\"\xf4\x90\x80\x80\"]",
    "[\"\xf7\xbf\xbf\xbf\"]", "{\"\xc0\xaf\":1}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      if (adit_json_parse (texts[i], strlen (texts[i]), 1000, &error) != NULL)
        g_error ("let through: %s", texts[i]);
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
    }
}

static void
test_depth_and_size (void)
{
  for (guint depth = 1; depth < 100000; depth = depth * 2)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (AditJson) value = NULL;

      for (guint i = 0; i < depth; i++)
        g_string_append_c (text, '[');
      for (guint i = 0; i < depth; i++)
        g_string_append_c (text, ']');
      value = adit_json_parse (text->str, text->len, text->len, NULL);
      g_assert_true ((value != NULL) == (depth <= 16));
    }
  {
    /* Brackets in a string are no depth, and a quote behind a backslash does not end it. */
    static const char text[] = "{\"a\":\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[{{{{{{{{\\\\\"}";
    g_autoptr (AditJson) value = adit_json_parse (text, strlen (text), 1000, NULL);

    g_assert_nonnull (value);
    g_assert_null (adit_json_parse (text, strlen (text), strlen (text) - 1, NULL));
  }
}

/* 16,384 keys of pairs of letters, and a second time in another order: how long they take to be read. */
static gint64
time_keys (const char *one, const char *other)
{
  g_autoptr (GString) text = g_string_new ("[{");
  g_autoptr (AditJson) value = NULL;
  gint64 start_us;

  for (guint i = 0; i < 2 * 16384; i++)
    {
      guint number = i < 16384 ? i : i * 5 % 16384;

      g_string_append (text, i == 0 ? "\"" : i == 16384 ? "},{\"" : ",\"");
      for (guint bit = 0; bit < 14; bit++)
        g_string_append (text, (number >> bit) % 2 == 1 ? one : other);
      g_string_append (text, "\":1");
    }
  g_string_append (text, "}]");
  start_us = g_get_monotonic_time ();
  value = adit_json_parse (text->str, text->len, text->len, NULL);
  g_assert_cmpuint (adit_json_count (value), ==, 2);
  return g_get_monotonic_time () - start_us;
}

/* "AB" and "B!" have one g_str_hash(), and so have all keys of them: in a table they would take some hundred times as long. */
static void
test_keys_alike (void)
{
  gint64 others_us = time_keys ("AB", "CD"), alike_us = time_keys ("AB", "B!");

  g_test_message ("%d us, and of one hash %d us", (int) others_us, (int) alike_us);
  g_assert_cmpint (alike_us, <, 20 * others_us);
}

static void
test_getters (void)
{
  static const char text[] = "{\"s\":\"word\",\"n\":3,\"f\":1.5,\"t\":true,\"o\":{},\"l\":[],\"z\":null}";
  g_autoptr (AditJson) root = adit_json_parse (text, strlen (text), 1000, NULL);
  gboolean b = FALSE;
  double d = 0;
  gint64 n = 0;

  g_assert_cmpstr (adit_json_get_string (root, "s", 5, NULL), ==, "word");
  g_assert_null (adit_json_get_string (root, "s", 4, NULL));
  g_assert_null (adit_json_get_string (root, "n", 9, NULL));
  g_assert_null (adit_json_get_string (root, "z", 9, NULL));
  g_assert_null (adit_json_get_string (root, "missing", 9, NULL));
  g_assert_true (adit_json_get_boolean (root, "t", &b, NULL) && b);
  g_assert_false (adit_json_get_boolean (root, "n", &b, NULL));
  g_assert_true (adit_json_get_number (root, "f", &d, NULL) && d == 1.5);
  g_assert_true (adit_json_get_number (root, "n", &d, NULL) && d == 3);
  g_assert_false (adit_json_get_number (root, "s", &d, NULL));
  g_assert_true (adit_json_get_integer (root, "n", 0, 3, &n, NULL) && n == 3);
  g_assert_false (adit_json_get_integer (root, "n", 0, 2, &n, NULL));
  g_assert_false (adit_json_get_integer (root, "n", 4, 9, &n, NULL));
  g_assert_false (adit_json_get_integer (root, "f", 0, 9, &n, NULL));
  g_assert_nonnull (adit_json_get_object (root, "o", NULL));
  g_assert_null (adit_json_get_object (root, "l", NULL));
  g_assert_nonnull (adit_json_get_array (root, "l", NULL));
  g_assert_null (adit_json_get_array (root, "o", NULL));
  g_assert_null (adit_json_get_string (adit_json_find (root, "l"), "s", 9, NULL));
  g_assert_true (adit_json_has (root, "s"));
  g_assert_false (adit_json_has (root, "z"));
}

static void
test_times (void)
{
  static const struct { const char *text; gint64 seconds; } rows[] = {
    { "2026-09-01T12:00:00Z", 1788264000 },
    { "2026-09-01T12:00:00.123456789Z", 1788264000 },
    { "2026-09-01T14:00:00+02:00", 1788264000 },
    { "2026-09-01T12:00:00", 0 },
    { "2026-09-01", 0 },
    { "20260901T120000Z", 0 },
    { "2026-W36-2T12:00:00Z", 0 },
    { "2026-13-01T12:00:00Z", 0 },
    { "1960-01-01T00:00:00Z", 0 },
    { "tomorrow", 0 },
    { "", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditJson) root = make ("t", rows[i].text);
      gint64 seconds = 0;

      g_assert_true (adit_json_get_time (root, "t", &seconds, NULL) == (rows[i].seconds != 0));
      g_assert_cmpint (seconds, ==, rows[i].seconds);
    }
}

static void
test_keys (void)
{
  static const struct { const char *text; gboolean good; } rows[] = {
    { "IyN9XnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM=", TRUE },
    { "IyN9XnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlN=", FALSE },    /* spare bits set */
    { "IyN9XnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGl==", FALSE },
    { "IyN9XnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM", FALSE },
    { "IyN9XnzS80rQvQaoMMkv QMp0oMjXZXpIF3rpNUkGlM=", FALSE },
    { "IyN9XnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlMA", FALSE },
    { "", FALSE },
  };
  guint8 key[32];

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditJson) root = make ("k", rows[i].text);

      g_assert_true (adit_json_get_key (root, "k", key, sizeof key, NULL) == rows[i].good);
    }
}

static void
test_no_secret_in_errors (void)
{
  static const char broken[] = "{\"access_token\": \"mva_SECRET\" \"mva_SECRET\"}";
  g_autoptr (AditJson) root = make ("expiry", "mva_SECRET");
  g_autoptr (GError) parse_error = NULL, time_error = NULL, key_error = NULL, long_error = NULL;
  guint8 key[32];
  gint64 seconds;

  g_assert_null (adit_json_parse (broken, strlen (broken), 1000, &parse_error));
  g_assert_null (strstr (parse_error->message, "SECRET"));
  g_assert_false (adit_json_get_time (root, "expiry", &seconds, &time_error));
  g_assert_false (adit_json_get_key (root, "expiry", key, 32, &key_error));
  g_assert_null (adit_json_get_string (root, "expiry", 3, &long_error));
  g_assert_nonnull (strstr (time_error->message, "\"expiry\""));
  g_assert_null (strstr (time_error->message, "SECRET"));
  g_assert_null (strstr (key_error->message, "SECRET"));
  g_assert_null (strstr (long_error->message, "SECRET"));
}

static void
append (GString *values, AditJson *value)
{
  AditJson *member = value->type >= ADIT_JSON_ARRAY ? adit_json_first (value, value->type) : NULL;

  if (value->type >= ADIT_JSON_ARRAY)
    g_string_append_printf (values, "%c%u", value->type == ADIT_JSON_OBJECT ? '{' : '[', value->n_members);
  else if (value->type == ADIT_JSON_STRING)
    g_string_append_printf (values, "\"%u%s", value->n_members, value->text);
  else if (value->type == ADIT_JSON_INTEGER)
    g_string_append_printf (values, "i%" G_GINT64_FORMAT, value->integer);
  else if (value->type == ADIT_JSON_REAL)
    g_string_append_printf (values, "r%.17g", value->real);
  else
    g_string_append_c (values, adit_json_is (value, ADIT_JSON_TRUE) ? 't' : adit_json_is (value, ADIT_JSON_FALSE) ? 'f' : 'n');
  for (; member != NULL; member = adit_json_next (value, member))
    {
      if (value->type == ADIT_JSON_OBJECT)
        g_string_append_printf (values, "%s:", member->key);
      append (values, member);
    }
  g_string_append_c (values, ';');
}

/* One byte or a piece of a text that is good becomes another: what is still JSON is the same to both readers. */
static void
test_peer (void)
{
  static const char seed[] = "{\"a\":[1,-2.5e+3,0,\"\\u00e9\\ud83d\\ude00\\n\\\"\",true,false,null],\"b\":{\"a\":{},\"c\":[]},"
                             "\"\":\"\xc3\xa9\",\"long\":9223372036854775807 , \"d\" :\t[[[]],{\"a\":1,\"b\":2}]}";
  static const char bytes[] = "{}[]\",:\\/ \n\t0129.eE+-tfnu\xc3\xa9\xff\x01" "ab";
  g_autoptr (GRand) random = g_rand_new_with_seed (4711);
  guint n_good = 0;

  for (guint i = 0; i < 200000; i++)
    {
      g_autoptr (GString) text = g_string_new (seed), ours = g_string_new (NULL);
      g_autofree char *theirs = NULL;
      g_autoptr (AditJson) root = NULL;

      for (gint n = g_rand_int_range (random, 0, 4); n > 0 && text->len > 4; n--)
        {
          gssize at = g_rand_int_range (random, 0, (gint32) text->len - 3);

          if (g_rand_boolean (random))
            text->str[at] = bytes[g_rand_int_range (random, 0, sizeof bytes - 1)];
          else if (g_rand_boolean (random))
            g_string_erase (text, at, g_rand_int_range (random, 1, 4));
          else
            g_string_insert_c (text, at, bytes[g_rand_int_range (random, 0, sizeof bytes - 1)]);
        }
      theirs = json_peer_dup_values (text->str, text->len);
      root = adit_json_parse (text->str, text->len, text->len, NULL);
      if ((root != NULL) != (theirs != NULL))
        g_error ("%s alone reads: %s", root != NULL ? "ours" : "the peer", text->str);
      if (root == NULL)
        continue;
      append (ours, root);
      g_assert_cmpstr (ours->str, ==, theirs);
      n_good++;
    }
  g_assert_cmpuint (n_good, >, 20000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/refused", test_refused);
  g_test_add_func ("/json/depth-and-size", test_depth_and_size);
  g_test_add_func ("/json/keys-alike", test_keys_alike);
  g_test_add_func ("/json/getters", test_getters);
  g_test_add_func ("/json/times", test_times);
  g_test_add_func ("/json/keys", test_keys);
  g_test_add_func ("/json/peer", test_peer);
  g_test_add_func ("/json/no-secret-in-errors", test_no_secret_in_errors);
  return g_test_run ();
}
