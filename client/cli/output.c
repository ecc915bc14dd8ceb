/* SPDX-License-Identifier: GPL-2.0-or-later */
/* output.c: the two ways of saying things.  JSON keys are a contract and are never renamed; words may change. */
#include "client/cli/cli.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "client/api/errors.h"
#include "client/api/explain.h"
#include "client/api/place-names.h"
#include "client/api/shown.h"

/**
 * adit_cli_dup_line:
 * @text: what somebody else has written
 *
 * Returns: (transfer full): the same as one line, in which nothing moves the cursor
 */
char *
adit_cli_dup_line (const char *text)
{
  return adit_shown_dup (text, "");
}

static void
put_shown (FILE *stream, const char *text)
{
  g_autofree char *shown = adit_shown_dup (text, "\n\t"), *local = NULL;
  const char *charset;

  if (!g_get_charset (&charset))
    local = g_convert_with_fallback (shown, -1, charset, "UTF-8", "?", NULL, NULL, NULL);
  fputs (local != NULL ? local : shown, stream);
  fflush (stream);
}

static void
print_shown (const char *text)
{
  put_shown (stdout, text);
}

static void
printerr_shown (const char *text)
{
  put_shown (stderr, text);
}

/**
 * adit_cli_guard_output:
 *
 * From now on no word of this program, whoever wrote it, is a command to the terminal.
 */
void
adit_cli_guard_output (void)
{
  g_set_print_handler (print_shown);
  g_set_printerr_handler (printerr_shown);
}

/**
 * adit_cli_new_json:
 *
 * Returns: (transfer full): an object with the version of the contract in it
 */
json_t *
adit_cli_new_json (void)
{
  return json_pack ("{s:i}", "version", 1);
}

/**
 * adit_cli_json_text:
 * @text: (nullable): a text
 *
 * Returns: (transfer full): the text, or null for none
 */
json_t *
adit_cli_json_text (const char *text)
{
  return text != NULL && text[0] != '\0' ? json_string (text) : json_null ();
}

/**
 * adit_cli_json_time:
 * @time_s: seconds since 1970, UTC; 0 for none
 *
 * Returns: (transfer full): RFC 3339 in UTC, or null for none
 */
json_t *
adit_cli_json_time (gint64 time_s)
{
  g_autoptr (GDateTime) time = time_s > 0 ? g_date_time_new_from_unix_utc (time_s) : NULL;
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;

  return adit_cli_json_text (text);
}

/**
 * adit_cli_dup_local_time:
 * @time_s: seconds since 1970, UTC
 *
 * Returns: (transfer full): date and time as people here write them
 */
char *
adit_cli_dup_local_time (gint64 time_s)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (time_s);

  return time != NULL ? g_date_time_format (time, "%x %H:%M") : g_strdup ("?");
}

/**
 * adit_cli_print_json:
 * @object: (transfer full): one object
 *
 * Prints it on one line of standard output, at once.
 */
void
adit_cli_print_json (json_t *object)
{
  /* In ASCII, since JSON itself leaves some of a terminal's commands as they are; and "delete" is ASCII. */
  char *text = json_dumps (object, JSON_COMPACT | JSON_ENSURE_ASCII);
  g_autofree char *shown = adit_shown_dup (text, "");

  printf ("%s\n", shown);
  fflush (stdout);
  free (text);
  json_decref (object);
}

static json_t *
json_error (AditError code, const char *detail)
{
  AditExplanation words;

  adit_explain_error (code, &words);
  return json_pack ("{s:s, s:s, s:s, s:o, s:s}", "name", adit_error_get_nick (code), "message", words.what, "hint", words.remedy,
                    "command", adit_cli_json_text (words.command), "detail", detail);
}

/**
 * adit_cli_json_error:
 * @error: what went wrong
 *
 * Returns: (transfer full): its name, words and what to do
 */
json_t *
adit_cli_json_error (const GError *error)
{
  return json_error (error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED, error->message);
}

/**
 * adit_cli_fail:
 * @cli: this run
 * @error: what went wrong
 *
 * Says what happened and what can be done: in JSON on standard output, in words on standard error.
 *
 * Returns: the exit code for it
 */
int
adit_cli_fail (AditCli *cli, const GError *error)
{
  AditError code = error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED;

  if (cli->json)
    {
      json_t *object = adit_cli_new_json ();

      json_object_set_new (object, "error", json_error (code, error->message));
      adit_cli_print_json (object);
    }
  else
    {
      g_autofree char *detail = adit_cli_dup_line (error->message[0] != '\0' ? _(error->message) : "");
      AditExplanation words;

      adit_explain_error (code, &words);
      g_printerr ("adit: %s %s\n", words.what, words.remedy);
      if (words.command[0] != '\0')
        g_printerr ("      %s\n", words.command);
      if (detail[0] != '\0')
        g_printerr ("      (%s)\n", detail);
    }
  return adit_explain_exit_code (error);
}

/* One of the two places that a status names, in its words. */
typedef struct
{
  const char *country, *country_name, *city, *city_name, *server;
} Place;

static Place
get_exit (const AditStatus *status)
{
  return (Place) { status->country, status->country_name, status->city, status->city_name, status->server };
}

static Place
get_entry (const AditStatus *status)
{
  return (Place) { status->entry_country, status->entry_country_name, status->entry_city, status->entry_city_name,
                   status->entry_server };
}

static json_t *
json_place (Place place)
{
  if (place.country[0] == '\0' && place.server[0] == '\0')
    return json_null ();
  return json_pack ("{s:o, s:o, s:o, s:o, s:o}", "country", adit_cli_json_text (place.country), "country_name",
                    adit_cli_json_text (place.country_name), "city", adit_cli_json_text (place.city), "city_name",
                    adit_cli_json_text (place.city_name), "server", adit_cli_json_text (place.server));
}

static json_t *
json_status (const AditStatus *status)
{
  json_t *object = adit_cli_new_json (), *servers = json_array (), *blocks = json_array (), *notices = json_array ();

  for (char **server = status->dns_servers; *server != NULL; server++)
    json_array_append_new (servers, json_string (*server));
  for (char **block = status->dns_blocks; *block != NULL; block++)
    json_array_append_new (blocks, json_string (*block));
  for (guint i = 0; i < ADIT_N_NOTICES; i++)
    if (status->notices & (1u << i))
      json_array_append_new (notices, json_string (adit_notice_get_nick (1u << i)));
  json_object_set_new (object, "state", json_string (adit_state_get_nick (status->state)));
  json_object_set_new (object, "reason", adit_cli_json_text (adit_reason_get_nick (status->reason)));
  json_object_set_new (object, "question", adit_cli_json_text (status->question));
  json_object_set_new (object, "place", json_place (get_exit (status)));
  json_object_set_new (object, "entry", json_place (get_entry (status)));
  json_object_set_new (object, "profile", adit_cli_json_text (status->profile));
  json_object_set_new (object, "exit_address", adit_cli_json_text (status->exit_address));
  json_object_set_new (object, "since", adit_cli_json_time (status->since_s));
  json_object_set_new (object, "tunnel", adit_cli_json_text (status->tunnel));
  json_object_set_new (object, "endpoint", adit_cli_json_text (status->endpoint));
  json_object_set_new (object, "protocol", adit_cli_json_text (status->protocol));
  json_object_set_new (object, "mtu_bytes", json_integer (status->mtu_bytes));
  json_object_set_new (object, "handshake_age_ms", json_integer (status->handshake_age_ms));
  json_object_set_new (object, "firewall", adit_cli_json_text (status->firewall));
  json_object_set_new (object, "lock", adit_cli_json_text (status->lock));
  json_object_set_new (object, "lockdown", json_boolean (status->lockdown));
  json_object_set_new (object, "dns",
                       json_pack ("{s:o, s:o, s:o}", "backend", adit_cli_json_text (status->dns_backend), "servers", servers,
                                  "blocks", blocks));
  json_object_set_new (object, "notices", notices);
  json_object_set_new (object, "changed_relay", adit_cli_json_text (status->changed_relay));
  json_object_set_new (object, "paused", json_boolean (status->pause_left_s > 0));
  json_object_set_new (object, "pause_left_s", json_integer (status->pause_left_s));
  json_object_set_new (object, "confirm_within_s", json_integer (status->confirm_within_s));
  json_object_set_new (object, "received_bytes", json_integer ((json_int_t) status->received_bytes));
  json_object_set_new (object, "sent_bytes", json_integer ((json_int_t) status->sent_bytes));
  if (status->has_error)
    json_object_set_new (object, "error", json_error (status->error, status->detail));
  return object;
}

static char *
dup_place (Place place)
{
  if (place.city_name[0] != '\0')
    return g_strdup_printf ("%s, %s (%s)", place.city_name, adit_place_names_get_country (place.country, place.country_name),
                            place.server);
  if (place.server[0] != '\0')
    return g_strdup (place.server);
  if (place.city[0] != '\0')
    return g_strconcat (place.country, "-", place.city, NULL);
  return g_strdup (place.country);
}

static const char *
lock_in_words (const char *lock)
{
  if (g_str_equal (lock, "off"))
    return _("open: everything may leave");
  if (g_str_equal (lock, "tunnel") || g_str_equal (lock, "peer"))
    return _("only the tunnel may be used");
  return _("nothing may leave");
}

/* How many cells of a terminal it takes. */
static int
count_columns (const char *text)
{
  int n = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    n += g_unichar_iszerowidth (g_utf8_get_char (text)) ? 0 : g_unichar_iswide (g_utf8_get_char (text)) ? 2 : 1;
  return n;
}

/* What stands before the rows of a status; the longest says where the values begin. */
enum { CHANGED, QUESTION, PLACE, ENTRY, EXIT, SINCE, TUNNEL, ENDPOINT, DNS, LEFT_OUT, LOCK, LOCKDOWN };
static const char *const row_names[] = {
  [CHANGED] = N_("Changed:"), [QUESTION] = N_("Question:"), [PLACE] = N_("Place:"), [ENTRY] = N_("Entry:"),
  [EXIT] = N_("Exit:"), [SINCE] = N_("Since:"), [TUNNEL] = N_("Tunnel:"), [ENDPOINT] = N_("Endpoint:"), [DNS] = N_("DNS:"),
  [LEFT_OUT] = N_("Left out:"), [LOCK] = N_("Lock:"), [LOCKDOWN] = N_("Lockdown:"),
};

static void
print_row (guint row, const char *value)
{
  g_autofree char *line = adit_cli_dup_line (value);
  int n_columns = 0;

  for (guint i = 0; i < G_N_ELEMENTS (row_names); i++)
    n_columns = MAX (n_columns, count_columns (_(row_names[i])));
  if (line[0] != '\0')
    g_print ("  %s%*s %s\n", _(row_names[row]), n_columns - count_columns (_(row_names[row])) + 1, "", line);
}

static void
print_words (const AditStatus *status)
{
  g_autofree char *place = status->profile[0] != '\0' ? adit_cli_dup_line (status->profile) : dup_place (get_exit (status));
  g_autofree char *entry = dup_place (get_entry (status)), *since = NULL, *servers = g_strjoinv (", ", status->dns_servers);
  g_autofree char *blocks = g_strjoinv (", ", status->dns_blocks);

  g_print ("%s\n", status->pause_left_s > 0 ? _("Paused, not protected") : adit_explain_state (status->state, status->lockdown));
  if (status->pause_left_s > 0)
    g_print (_("  Everything may leave; in %u:%02u minutes it is as before. Sooner: adit resume\n"), status->pause_left_s / 60,
             status->pause_left_s % 60);
  if (status->state == ADIT_STATE_BLOCKED && status->reason != ADIT_REASON_NONE)
    {
      g_autofree char *detail = adit_cli_dup_line (status->detail);
      AditExplanation words;

      adit_explain_reason (status->reason, &words);
      g_print ("  %s %s\n", words.what, words.remedy);
      if (detail[0] != '\0')
        g_print ("  (%s)\n", detail);
    }
  for (guint i = 0; i < ADIT_N_NOTICES; i++)
    if (status->notices & (1u << i))
      {
        AditExplanation words;

        adit_explain_notices (1u << i, &words);
        g_print ("  %s %s\n", words.what, words.remedy);
        if (words.command[0] != '\0')
          g_print ("    %s\n", words.command);
      }
  print_row (CHANGED, status->changed_relay);
  print_row (QUESTION, status->question);
  print_row (PLACE, place);
  print_row (ENTRY, entry);
  print_row (EXIT, status->exit_address);
  if (status->since_s > 0)
    since = adit_cli_dup_local_time (status->since_s);
  print_row (SINCE, since != NULL ? since : "");
  print_row (TUNNEL, status->tunnel);
  print_row (ENDPOINT, status->endpoint);
  print_row (DNS, servers);
  print_row (LEFT_OUT, blocks);
  print_row (LOCK, lock_in_words (status->lock));
  if (status->confirm_within_s > 0)
    g_print (_("  In %u seconds it is as before again, unless you say: adit confirm\n"), status->confirm_within_s);
  if (status->lockdown)
    print_row (LOCKDOWN, status->pause_left_s > 0 ? _("on, but for the pause: the lock is open until it is over")
                                                  : _("on: the lock stays while disconnected"));
}

/**
 * adit_cli_print_status:
 * @cli: this run
 * @status: what the helper told
 */
void
adit_cli_print_status (AditCli *cli, const AditStatus *status)
{
  if (cli->json)
    adit_cli_print_json (json_status (status));
  else
    print_words (status);
}
