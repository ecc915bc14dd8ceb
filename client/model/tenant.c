/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tenant.c: the words by which the bus and JSON know them; they are never renamed. */
#include "client/model/tenant.h"

#include <string.h>

static const char *const tenant_nicks[ADIT_N_TENANTS] = {
  "tailscale", "wg-quick", "docker", "libvirt", "ufw", "firewalld", "mullvad",
};

static const char *const conflict_nicks[ADIT_N_CONFLICTS] = {
  [ADIT_CONFLICT_RESOLVER] = "second-resolver",
  [ADIT_CONFLICT_RANGE] = "overlapping-range",
  [ADIT_CONFLICT_REFUSES] = "refuses-outgoing",
  [ADIT_CONFLICT_RULE] = "rule-before-ours",
  [ADIT_CONFLICT_KILL_SWITCH] = "other-kill-switch",
};

/**
 * adit_tenant_get_nick:
 * @one: exactly one bit
 *
 * Returns: (transfer none): its word; "" for anything else
 */
const char *
adit_tenant_get_nick (AditTenantSet one)
{
  for (guint i = 0; i < ADIT_N_TENANTS; i++)
    if ((guint) one == 1u << i)
      return tenant_nicks[i];
  return "";
}

/**
 * adit_conflict_get_nick:
 * @kind: a kind
 *
 * Returns: (transfer none): its word; "" for a number that is none
 */
const char *
adit_conflict_get_nick (AditConflictKind kind)
{
  return (guint) kind < ADIT_N_CONFLICTS ? conflict_nicks[kind] : "";
}

/**
 * adit_conflict_from_nick:
 * @nick: a word
 * @kind: (out): its kind; untouched where there is none
 *
 * Returns: whether there is such a word
 */
gboolean
adit_conflict_from_nick (const char *nick, AditConflictKind *kind)
{
  for (guint i = 0; i < ADIT_N_CONFLICTS; i++)
    if (g_strcmp0 (conflict_nicks[i], nick) == 0)
      {
        *kind = (AditConflictKind) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * adit_conflict_stops:
 * @kind: a kind
 *
 * Returns: whether it can keep a tunnel from coming up, and not only names or addresses from being reached in it
 */
gboolean
adit_conflict_stops (AditConflictKind kind)
{
  return kind == ADIT_CONFLICT_REFUSES || kind == ADIT_CONFLICT_RULE || kind == ADIT_CONFLICT_KILL_SWITCH;
}

static void
keep_text (char *to, gsize size, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_strlcpy (to, valid, size);
  while (!g_utf8_validate (to, -1, NULL))
    to[strlen (to) - 1] = '\0';    /* cut within a character */
}

/**
 * adit_tenants_add:
 * @self: what was found so far
 * @kind: what is in the way
 * @by: whose it is, as the kernel or a service has it
 * @what: which one
 *
 * Once each, and no more than fit.
 */
void
adit_tenants_add (AditTenants *self, AditConflictKind kind, const char *by, const char *what)
{
  AditConflict conflict = { .kind = kind };

  keep_text (conflict.by, sizeof conflict.by, by);
  keep_text (conflict.what, sizeof conflict.what, what);
  for (guint i = 0; i < self->n_conflicts; i++)
    if (self->conflicts[i].kind == kind && g_str_equal (self->conflicts[i].by, conflict.by) &&
        g_str_equal (self->conflicts[i].what, conflict.what))
      return;
  if (self->n_conflicts < ADIT_TENANTS_MAX_CONFLICTS)
    self->conflicts[self->n_conflicts++] = conflict;
}
