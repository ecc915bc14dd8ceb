/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-lists.c: a row of the catalogue about a hostile service: its list of servers is endless, deep, cut, or full of what is
 * meant to hurt whoever shows it. */
#include "config.h"
#include "tests/lab/attack.h"

#include <string.h>

#define WORKER       ADIT_LIBEXECDIR "/adit-worker"
#define GROWTH_KIB   (4 * 1024)
#define SETTLE_MS    3000
#define MAX_ANSWER   (16 * 1024 * 1024)
#define MAX_DEPTH    16
#define RAW_MS       30000
#define RAW          "/run/lab/raw"

#define ACTIVATION   "77777777-7777-4777-8777-777777777777"
#define MYSTERIUM    "https://api.mysteriumvpn.com/api/v1"

static const struct { const char *id, *address, *host, *path; } services[] = {
  { "mullvad", ADIT_LAB_API_ADDRESS, "api.mullvad.net", "/app/v1/relays" },
  { "ivpn", ADIT_LAB_IVPN_ADDRESS, "api.ivpn.net", "/v5/servers.json" },
  { "ovpn", ADIT_LAB_OVPNCOM_ADDRESS, "www.ovpn.com", "/v2/api/client/entry" },
  { "mysterium", ADIT_LAB_MYSTERIUM_ADDRESS, "api.mysteriumvpn.com", "/api/v1/connection/config/locations" },
};

/* What the simulated services can do to a list (simulator.c). */
static const char *const faults[] = {
  "big", "deep", "deep 20", "half", "html", "cut", "refuse", "empty", "redirect", "portal", "error", "throttle", "many 60000",
  "short-key", "long-key", "text-key", "hostile-names",
};

static char *
dup_shown (AditWorld *world, const char *service, int *status)
{
  g_autofree char *command = g_strdup_printf ("locations %s --json", service);
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, command);

  *status = result->status;
  return g_strdup (result->out);
}

/* A program that has no limits asks; @body is what it sends, if anything. */
static char *
ask (const char *address, const char *url, const char *bearer, const char *body)
{
  g_autofree char *resolve = g_strdup_printf ("*:443:%s", address);
  g_autofree char *header = g_strdup_printf ("Authorization: Bearer %s", bearer);
  const char *const argv[] = { "curl", "-sk", "--resolve", resolve, "-o", RAW, "-H", header, "-H",
                               "Content-Type: application/json", url, body != NULL ? "-d" : NULL, body, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, RAW_MS, argv, NULL);
  char *text = NULL;

  if (result->status != 0 || !g_file_get_contents (RAW, &text, NULL, NULL))
    g_error ("curl ended with %d: %s", result->status, result->err);
  return text;
}

/* Control characters as they are or as JSON writes them, what turns the writing direction, markup, lines of a file. */
static gboolean
can_hurt (const char *text)
{
  static const char *const signs[] = {
    "\033", "\\u001b", "\\u001B", "\xe2\x80\xae", "\\u202e", "\\u202E", "<b>", "remote 203.0.113.66", "/etc/passwd", "$(touch",
    "PostUp",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    if (strstr (text, signs[i]) != NULL)
      return TRUE;
  return FALSE;
}

static guint
get_depth (const char *text)
{
  guint depth = 0, deepest = 0;

  for (; *text != '\0'; text++)
    if (*text == '[' || *text == '{')
      deepest = MAX (deepest, ++depth);
    else if ((*text == ']' || *text == '}') && depth > 0)
      depth--;
  return deepest;
}

/* What a reader would have to bear: too much, too deep, or harmful. */
static gboolean
is_hostile (const char *text)
{
  return strlen (text) > MAX_ANSWER || get_depth (text) > MAX_DEPTH || can_hurt (text);
}

static gboolean
worker_ends (void)
{
  for (guint i = 0; i < SETTLE_MS / 10 && adit_attack_find_child (WORKER) != 0; i++)
    g_usleep (10000);
  return adit_attack_find_child (WORKER) == 0;
}

static void
try_fault (AditAttack *attack, gsize i, const char *fault, const char *before)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autofree char *line = g_strdup_printf ("%s %s", fault, services[i].path), *shown = NULL, *refresh = NULL, *state = NULL;
  g_autoptr (AditLabResult) asked = NULL;
  int helper = adit_attack_find_helper (), status;
  gsize memory = adit_attack_read_memory (helper), grown;

  adit_world_set_fault (world, line);
  refresh = g_strdup_printf ("locations %s --refresh", services[i].id);
  asked = adit_world_adit (world, 0, NULL, refresh);
  adit_world_set_fault (world, "");
  g_test_message ("%s: %d %s", line, asked->status, asked->err);
  adit_attack_expect_refused (attack, strpbrk (asked->err, "\033<>{}") == NULL, "%s is told as: %s", line, asked->err);
  adit_attack_expect_refused (attack, worker_ends (), "%s keeps its worker", line);
  adit_attack_expect_refused (attack, adit_attack_find_helper () == helper, "%s ends the helper", line);
  grown = adit_attack_read_memory (helper) > memory ? adit_attack_read_memory (helper) - memory : 0;
  adit_attack_expect_refused (attack, grown < GROWTH_KIB, "%s: the helper has %" G_GSIZE_FORMAT " KiB more", line, grown);
  shown = dup_shown (world, services[i].id, &status);
  adit_attack_expect_refused (attack, status == 0 && g_str_equal (shown, before) && !is_hostile (shown),
                              "%s changes the list to %.2000s", line, shown);
  state = adit_world_get_state (world);
  adit_attack_expect_refused (attack, g_str_equal (state, "disconnected"), "%s leads to %s", line, state);
}

/* The same look at what the service really sends. */
static void
try_raw (AditAttack *attack, gsize i, const char *bearer, const char *fault)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autofree char *line = g_strdup_printf ("%s %s", fault, services[i].path), *raw = NULL;
  g_autofree char *url = g_strconcat ("https://", services[i].host, services[i].path, NULL);

  adit_world_set_fault (world, line);
  raw = ask (services[i].address, url, bearer, NULL);
  adit_world_set_fault (world, "");
  adit_attack_expect_obeyed (attack, is_hostile (raw), "%s in %.200s", line, raw);
}

/* One service shows its list to whoever has signed in, and to nobody else. */
static char *
sign_in (AditAttack *attack, gsize i)
{
  static const char page[] = "https://app.mysteriumvpn.com/oauth/authorize?response_type=activation_none&client_id=x&request_id="
                             ACTIVATION;
  static const char token_name[] = "\"access_token\":\"";
  g_autofree char *begun = NULL, *opened = NULL, *tokens = NULL;
  g_autoptr (GError) error = NULL;
  gboolean signed_in;
  const char *token;

  if (!g_str_equal (services[i].id, "mysterium"))
    return g_strdup ("");
  signed_in = adit_world_login_by_page (adit_attack_get_world (attack), "mysterium", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (signed_in);
  begun = ask (services[i].address, MYSTERIUM "/auth/activation", "", "{\"id\":\"" ACTIVATION "\"}");
  opened = ask (services[i].address, page, "", NULL);
  tokens = ask (services[i].address, MYSTERIUM "/auth/activation/" ACTIVATION, "", NULL);
  token = strstr (tokens, token_name);
  g_assert_nonnull (token);
  token += strlen (token_name);
  return g_strndup (token, strcspn (token, "\""));
}

static void
row_p23 (AditAttack *attack)
{
  static const char *const seen[] = { "big", "deep", "many 60000", "hostile-names" };
  AditWorld *world = adit_attack_get_world (attack);
  g_autoptr (GError) error = NULL;

  adit_world_kill_helper (world);
  g_assert_true (adit_world_add_services (world, &error));
  g_assert_no_error (error);
  adit_world_expect_helper (world);
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    {
      g_autofree char *refresh = g_strdup_printf ("locations %s --refresh", services[i].id), *before = NULL;
      g_autofree char *bearer = sign_in (attack, i);
      int status;

      adit_world_expect (world, 0, NULL, refresh, 0);
      before = dup_shown (world, services[i].id, &status);
      g_assert_cmpint (status, ==, 0);
      g_assert_false (is_hostile (before));
      for (gsize j = 0; j < G_N_ELEMENTS (faults); j++)
        try_fault (attack, i, faults[j], before);
      for (gsize j = 0; j < G_N_ELEMENTS (seen); j++)
        try_raw (attack, i, bearer, seen[j]);
    }
  adit_attack_rest (attack);
}

static const AditAttackRow rows[] = {
  { "P23", "hostile lists of four services: endless, deep, cut, with names that hurt whoever shows them", row_p23 },
};

int
main (int argc, char **argv)
{
  return adit_attack_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
