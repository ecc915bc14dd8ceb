/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-test.c: the lock says what may leave, the status who is asked, and the diagnostics whether others are asked as well.  What
 * is not known is never told as good. */
#include "config.h"
#include "ui/leak-test.h"

#include <glib/gi18n.h>

#include "client/api/explain-cause.h"
#include "client/api/shown.h"
#include "client/model/cause.h"
#include "client/model/reach.h"

static void
tell (AditLeakCheck *check, const char *title, AditLeakResult result, char *text)
{
  *check = (AditLeakCheck) { .title = title, .result = result, .text = text };
}

/* Of somebody's own resolvers, those that are asked in the local network; "" for none. */
static char *
dup_beside (const char *const *own)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (; own != NULL && *own != NULL; own++)
    {
      AditAddress address;

      if (adit_address_parse (*own, &address) && adit_reach_resolver_is_private (&address))
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", *own);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
check_lock (AditLeakCheck *check, const AditStatus *status, const char *const *own)
{
  const char *title = _("Questions beside the tunnel");
  g_autofree char *beside = dup_beside (own);

  if (g_str_equal (status->lock, "off"))
    tell (check, title, ADIT_LEAK_OPEN,
          g_strdup (_("Nothing stops them: the lock is open, and any program may ask whom it likes.")));
  else if (!g_str_equal (status->lock, "all") && !g_str_equal (status->lock, "peer") && !g_str_equal (status->lock, "tunnel"))
    tell (check, title, ADIT_LEAK_DOUBT, g_strdup (_("The helper does not say what may leave.")));
  else if (beside[0] != '\0')
    /* Translators: addresses of resolvers */
    tell (check, title, ADIT_LEAK_DOUBT,
          g_strdup_printf (_("Refused, but for your own resolvers at private addresses: %s. Where they are in the local "
                             "network, others in it can read along."), beside));
  else
    tell (check, title, ADIT_LEAK_NONE, g_strdup (_("Refused by the lock, whichever program asks (ports 53 and 853).")));
}

static void
check_resolver (AditLeakCheck *check, const AditStatus *status)
{
  const char *title = _("Who is asked");
  gboolean is_told = status->dns_servers != NULL && status->dns_servers[0] != NULL;
  g_autofree char *servers = is_told ? g_strjoinv (", ", status->dns_servers) : NULL;

  if (is_told)
    /* Translators: addresses of resolvers, and what on this computer was told of them, such as "systemd-resolved" */
    tell (check, title, ADIT_LEAK_NONE, g_strdup_printf (_("%s, by way of %s"), servers, status->dns_backend));
  else if (g_str_equal (status->lock, "off"))
    tell (check, title, ADIT_LEAK_OPEN, g_strdup (_("This network’s own resolver, and whoever runs the network reads along.")));
  else
    tell (check, title, ADIT_LEAK_NONE, g_strdup (_("Nobody, as long as nothing may leave.")));
}

/* Names of links and programs are others' words. */
static void
check_others (AditLeakCheck *check, GVariant *diagnostics)
{
  const char *title = _("Other links of this computer"), *kind, *by, *what;
  g_autoptr (GVariant) conflicts = g_variant_lookup_value (diagnostics, "conflicts", G_VARIANT_TYPE ("a(sss)"));
  GVariantIter iter;

  if (conflicts == NULL)
    {
      tell (check, title, ADIT_LEAK_DOUBT, g_strdup (_("The helper does not say whether they are asked.")));
      return;
    }
  g_variant_iter_init (&iter, conflicts);
  while (g_variant_iter_next (&iter, "(&s&s&s)", &kind, &by, &what))
    {
      g_autofree char *whose = adit_shown_dup (by, ""), *which = adit_shown_dup (what, "");
      AditConflictKind known;
      AditExplanation words;

      if (!adit_conflict_from_nick (kind, &known) || known != ADIT_CONFLICT_RESOLVER)
        continue;
      adit_explain_conflict (known, &words);
      tell (check, title, ADIT_LEAK_DOUBT, g_strdup_printf ("%s %s: %s %s", whose, which, words.what, words.remedy));
      return;
    }
  tell (check, title, ADIT_LEAK_NONE, g_strdup (_("None of them is asked for every name.")));
}

static void
check_answers (AditLeakCheck *check, const AditStatus *status, GVariant *diagnostics)
{
  const char *title = _("Answers"), *cause = "";
  AditCause known = ADIT_CAUSE_NONE;
  AditExplanation words;
  gboolean is_dead;

  g_variant_lookup (diagnostics, "cause", "&s", &cause);
  is_dead = (status->notices & ADIT_NOTICE_NAMES) != 0;
  if (adit_cause_from_nick (cause, &known) && (known == ADIT_CAUSE_DNS_DEAD || known == ADIT_CAUSE_RESOLVER_MISSING))
    is_dead = TRUE;
  else
    cause = adit_cause_get_nick (ADIT_CAUSE_DNS_DEAD);
  adit_explain_cause (cause, &words);
  if (is_dead)
    tell (check, title, ADIT_LEAK_DOUBT, g_strdup_printf ("%s %s", words.what, words.remedy));
  else if (status->state == ADIT_STATE_CONNECTED)
    tell (check, title, ADIT_LEAK_NONE, g_strdup (_("The helper has met no silence of the resolvers in this tunnel.")));
  else
    tell (check, title, ADIT_LEAK_NONE, g_strdup (_("Not connected: there is nothing to say of them.")));
}

static char *
dup_verdict (const AditLeakTest *self, const AditStatus *status)
{
  if (self->result == ADIT_LEAK_OPEN)
    return g_strdup (_("Not protected: names are asked outside of any tunnel. Connect, or turn lockdown on."));
  if (self->result == ADIT_LEAK_DOUBT)
    return g_strdup (_("Look at what is marked: names may be read by others, or stay without an answer."));
  return g_strdup (status->state == ADIT_STATE_CONNECTED ? _("No leak: names are asked inside the tunnel, and nowhere else.")
                                                         : _("No leak: no question for a name leaves this computer."));
}

/**
 * adit_leak_test_run:
 * @self: (out caller-allocates): what there is to say; cleared by adit_leak_test_clear()
 * @status: the newest
 * @diagnostics: an a{sv} of GetDiagnostics
 * @own: (nullable) (array zero-terminated=1): the resolvers that were set instead of the service's
 */
void
adit_leak_test_run (AditLeakTest *self, const AditStatus *status, GVariant *diagnostics, const char *const *own)
{
  *self = (AditLeakTest) { 0 };
  check_lock (&self->checks[0], status, own);
  check_resolver (&self->checks[1], status);
  check_others (&self->checks[2], diagnostics);
  check_answers (&self->checks[3], status, diagnostics);
  for (guint i = 0; i < ADIT_LEAK_N_CHECKS; i++)
    self->result = MAX (self->result, self->checks[i].result);
  self->verdict = dup_verdict (self, status);
}

/**
 * adit_leak_test_clear:
 * @self: a test that was run, or all zero
 */
void
adit_leak_test_clear (AditLeakTest *self)
{
  g_clear_pointer (&self->verdict, g_free);
  for (guint i = 0; i < ADIT_LEAK_N_CHECKS; i++)
    g_clear_pointer (&self->checks[i].text, g_free);
}
