/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft.c: sets the lock through libnftables, reads it back, and puts it back when another program has changed it. */
#define G_LOG_DOMAIN "adit-lock"
#include "platform/linux/nft.h"

#include <string.h>
#include <nftables/libnftables.h>
#include "client/base/error.h"
#include "platform/alarm.h"
#include "platform/linux/links.h"
#include "platform/linux/marks.h"
#include "platform/linux/nft-dump.h"
#include "platform/linux/nft-generation.h"
#include "platform/linux/nft-monitor.h"
#include "platform/linux/ruleset.h"

#define MAX_TRIES       5    /* a link may go between our looking and the transaction, which then fails as a whole */
#define RETRY_AFTER_MS  250
#define MAX_WRITTEN     4    /* two servers by turns, each with its tunnel proved or not; one takes 100 KiB */
#define GUARD_TABLE     ADIT_NFT_TABLE "-guard"

/* Made and taken away in one transaction: the kernel says whether it knows every kind of rule, and nothing is ever in force. */
static const char probe_text[] =
  "table inet adit-probe\ntable netdev adit-probe\n"
  "table inet adit-probe {\nset holes { type ipv4_addr . inet_proto . inet_service\n }\nset doors { type ifname\n }\n"
  "set near { type ifname . ipv4_addr . ipv4_addr\nflags interval\n }\n"
  "chain output { type filter hook output priority 0; policy accept; "
  "ct direction reply ct mark & 0xf00 == 0x500 ct mark set ct mark & 0xfffff0ff | 0x500 reject with icmpx admin-prohibited\n "
  "ip daddr . meta l4proto . th dport @holes accept\n oifname @doors accept\n "
  "fib daddr type broadcast reject\n oifname . ip saddr . ip daddr @near accept\n "
  "}\n}\n"
  "table netdev adit-probe {\nchain egress { type filter hook egress device \"lo\" priority 0; policy accept; "
  "ether type 0x0806 accept\n }\n}\n"
  "delete table inet adit-probe\ndelete table netdev adit-probe\n";

/* Also where there is none. */
static const char no_guard_text[] =
  "table inet " GUARD_TABLE "\ndelete table inet " GUARD_TABLE "\n"
  "table netdev " GUARD_TABLE "\ndelete table netdev " GUARD_TABLE "\n";

/* Rules, and for what they were written: who connects again often wants the same, and waits. */
typedef struct
{
  AditLockPolicy policy;
  AditLinks     *links;
  char          *text, *outline;
  GBytes        *dump;      /* (nullable): what the kernel held when they were found in force */
} Written;

struct _AditNftFirewall
{
  GObject parent_instance;

  struct nft_ctx *nft;         /* (nullable): this kernel has no nftables */
  AditNftMonitor *monitor;     /* from the first lock on */
  AditNftGeneration *counter;
  AditNftDump    *reader;
  AditLockPolicy  policy;      /* what is in force by our doing */
  AditLinks      *links;       /* (nullable): for which it was made */
  gboolean        links_stale; /* devices or routes have changed since */
  char           *stamp;       /* of these links */
  gboolean        is_set;      /* there is a lock of ours */
  char           *outline;     /* (nullable): of it when it is whole; %NULL: not made since the members of its sets changed */
  guint32         generation;  /* at which @outline was found in force and since which nobody changed it; 0: look */
  guint32         none_at;     /* generation at which nothing of ours existed; 0: look */
  gboolean        proved;      /* the kernel knows our kinds of rules; it does not unlearn them */
  guint           retry;
  gint64          broken_us;   /* since when we know that it is not whole; 0: it is */
  AditPortalHole  hole;        /* what is open for one program */
  gint64          hole_end_us; /* as adit_alarm_get_now_us() has it; 0: there is none */
  Written        *written[MAX_WRITTEN];    /* (nullable) */
  guint           oldest;      /* of them, which is the next one to go */
};

static void adit_nft_firewall_iface_init (AditFirewallInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditNftFirewall, adit_nft_firewall, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_FIREWALL, adit_nft_firewall_iface_init))

/* Where it gets no socket from the kernel libnftables ends the process. */
static gboolean
open_library (AditNftFirewall *self)
{
  if (self->nft != NULL)
    return TRUE;
  if (adit_nft_generation_lacks_nftables (self->counter))
    return FALSE;
  self->nft = nft_ctx_new (NFT_CTX_DEFAULT);
  nft_ctx_buffer_output (self->nft);
  nft_ctx_buffer_error (self->nft);
  nft_ctx_output_set_flags (self->nft, NFT_CTX_OUTPUT_STATELESS | NFT_CTX_OUTPUT_NUMERIC_ALL);
  return TRUE;
}

static gboolean
run (AditNftFirewall *self, const char *text, char **output, GError **error)
{
  g_autofree char *complaint = NULL;
  int rc;

  if (!open_library (self))
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "it has no nftables at all");
      return FALSE;
    }
  rc = nft_run_cmd_from_buffer (self->nft, text);
  complaint = g_strdup (nft_ctx_get_error_buffer (self->nft));
  if (output != NULL)
    *output = g_strdup (nft_ctx_get_output_buffer (self->nft));
  if (rc == 0)
    return TRUE;
  g_strdelimit (complaint, "\n", ' ');
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "nftables refused: %.300s", complaint);
  if (output != NULL)
    g_clear_pointer (output, g_free);
  return FALSE;
}

/* In two questions: of two tables in one question libnftables fetches the last one alone. */
static char *
outline_ours (AditNftFirewall *self, GError **error)
{
  g_autofree char *inet = NULL, *netdev = NULL, *both = NULL;

  if (!run (self, "list table inet " ADIT_NFT_TABLE, &inet, error) ||
      !run (self, "list table netdev " ADIT_NFT_TABLE, &netdev, error))
    return NULL;
  both = g_strconcat (inet, netdev, NULL);
  return adit_ruleset_outline (both);
}

/* In one question: for each one libnftables fetches all sets of the kernel. */
static char *
outline_our_sets (AditNftFirewall *self, GError **error)
{
  g_autofree char *sets = NULL;

  if (!run (self, "list sets table inet " ADIT_NFT_TABLE "\nlist sets table netdev " ADIT_NFT_TABLE "\n", &sets, error))
    return NULL;
  return adit_ruleset_outline (sets);
}

static int
find_tables (AditNftFirewall *self)
{
  g_autofree char *tables = NULL;
  guint32 generation = adit_nft_generation_read (self->counter);
  int n;

  self->none_at = 0;
  if (!run (self, "list tables", &tables, NULL))
    return adit_nft_generation_lacks_nftables (self->counter) ? 0 : -1;
  /* A guard that a killed helper left locks as well as the lock. */
  n = (strstr (tables, "table inet " ADIT_NFT_TABLE "\n") != NULL) +
      (strstr (tables, "table netdev " ADIT_NFT_TABLE "\n") != NULL) +
      (strstr (tables, "table inet " GUARD_TABLE "\n") != NULL) +
      (strstr (tables, "table netdev " GUARD_TABLE "\n") != NULL);
  if (n == 0)
    self->none_at = generation;
  return n;
}

/* Whether two outlines have the same chains at the same hooks, whatever the rules in them. */
static gboolean
has_same_chains (const char *before, const char *wanted)
{
  g_auto (GStrv) a = g_strsplit (before, "\n", -1), b = g_strsplit (wanted, "\n", -1);
  guint i = 0, j = 0;

  for (;; i++, j++)
    {
      while (a[i] != NULL && !adit_ruleset_outline_is_head (a[i]))
        i++;
      while (b[j] != NULL && !adit_ruleset_outline_is_head (b[j]))
        j++;
      if (a[i] == NULL || b[j] == NULL || !g_str_equal (a[i], b[j]))
        return a[i] == NULL && b[j] == NULL;
    }
}

/* What the kernel held when these rules were read back in nft's words they may be compared with in its own, which takes a tenth
 * of the time: who connects again waits for it.  A change of anything differs. */
static gboolean
is_as_read_before (const Written *written, GBytes *dump)
{
  return dump != NULL && written->dump != NULL && g_bytes_equal (dump, written->dump);
}

/* It was read in front of the outline: had a link gone meanwhile, with its chain, then that would not be as it should. */
static void
keep_dump (AditNftFirewall *self, Written *written, GBytes *dump, guint32 generation)
{
  if (dump == NULL || generation == 0 || adit_nft_generation_read (self->counter) != generation)
    return;
  g_clear_pointer (&written->dump, g_bytes_unref);
  written->dump = g_bytes_ref (dump);
}

/* Sets the rules and reads them back: the outline of what is in force, if that is the one of @written.  @text: these rules, or
 * another way to come to them. */
static char *
set_rules (AditNftFirewall *self, const char *text, Written *written, GError **error)
{
  const char *wanted = written->outline;
  gboolean set = run (self, text, NULL, error);
  guint32 generation = adit_nft_generation_read (self->counter);    /* before they are read: what comes later is another's */
  g_autoptr (GBytes) dump = set && g_str_equal (text, written->text) ? adit_nft_dump_read (self->reader, ADIT_NFT_TABLE) : NULL;
  g_autofree char *found = NULL;

  self->generation = 0;
  if (is_as_read_before (written, dump))
    {
      self->generation = generation;
      return g_strdup (wanted);
    }
  if (set)
    found = outline_ours (self, error);
  if (found != NULL && g_str_equal (wanted, found))
    {
      self->generation = generation;
      keep_dump (self, written, dump, generation);
    }
  if (found == NULL || g_str_equal (wanted, found))
    return g_steal_pointer (&found);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "the firewall does not hold the rules that were set");
  return NULL;
}

/* Runs a transaction of ours; what we know of the tables stays known if nobody else had one in the same moment. */
static gboolean
run_counted (AditNftFirewall *self, const char *text, GError **error)
{
  guint32 before = adit_nft_generation_read (self->counter);
  gboolean done = run (self, text, NULL, error);
  guint32 after = adit_nft_generation_read (self->counter);
  gboolean alone = before != 0 && after == before + (done ? 1 : 0);

  self->generation = alone && self->generation == before ? after : 0;
  self->none_at = alone && self->none_at == before ? after : 0;
  return done;
}

/* Whether the links are still those for which the lock was made; to see that the same are there costs less than to read what each
 * of them is, and nothing else changes without an event. */
static gboolean
has_same_links (AditNftFirewall *self, const char *stamp)
{
  if (self->links == NULL || stamp == NULL || g_strcmp0 (stamp, self->stamp) != 0)
    return FALSE;
  if (self->links_stale)
    {
      g_autoptr (AditLinks) now = adit_links_read (NULL);

      self->links_stale = now == NULL || !adit_links_equal (now, self->links);
    }
  return !self->links_stale;
}

/* Whether the tables are as we left them, the chains of their links too. */
static gboolean
is_untouched (AditNftFirewall *self, const char *stamp)
{
  return self->is_set && self->broken_us == 0 && self->generation != 0 &&
         self->generation == adit_nft_generation_read (self->counter) && has_same_links (self, stamp);
}

/* In tables that are untouched, and under the same settings, a lock differs from another only by the members of its sets.  These
 * are read back; that the rules are the ones that were read back before, the kernel's count of transactions says: ours was the
 * only one. */
static gboolean
set_members (AditNftFirewall *self, const AditLockPolicy *policy)
{
  g_autofree char *text = NULL, *sets = NULL, *wanted = NULL, *found = NULL;

  if (adit_ruleset_get_parts (&self->policy) != adit_ruleset_get_parts (policy))
    return FALSE;
  text = adit_ruleset_members (&self->policy, policy);
  if (*text == '\0')
    return TRUE;
  sets = adit_ruleset_sets (policy);
  wanted = adit_ruleset_outline (sets);
  if (!run_counted (self, text, NULL) || self->generation == 0)
    return FALSE;
  found = outline_our_sets (self, NULL);
  if (g_strcmp0 (found, wanted) == 0)
    return TRUE;
  self->generation = 0;
  return FALSE;
}

/* The new rules under a second name.  It fails where a link has just gone; then the try as a whole does. */
static void
set_guard (AditNftFirewall *self, const char *text)
{
  g_autoptr (GString) guard = g_string_new (text);

  g_string_replace (guard, "inet " ADIT_NFT_TABLE, "inet " GUARD_TABLE, 0);
  g_string_replace (guard, "netdev " ADIT_NFT_TABLE, "netdev " GUARD_TABLE, 0);
  (void) run (self, guard->str, NULL, NULL);
}

/* Nothing to do is no failure; what a helper left when it was killed goes as well. */
static void
remove_guard (AditNftFirewall *self)
{
  g_autoptr (GError) error = NULL;

  if (!run_counted (self, no_guard_text, &error))
    g_warning ("%s", error->message);
}

/* What the lock in force looks like when it is whole. */
static const char *
get_outline (AditNftFirewall *self)
{
  if (self->outline == NULL)
    {
      g_autofree char *text = adit_ruleset_new (&self->policy, self->links);

      self->outline = adit_ruleset_outline (text);
    }
  return self->outline;
}

static void
written_free (Written *self)
{
  adit_links_unref (self->links);
  g_free (self->text);
  g_free (self->outline);
  g_clear_pointer (&self->dump, g_bytes_unref);
  g_free (self);
}

/* Byte by byte: no part can be forgotten, and what differs in padding alone is written anew. */
static Written *
write_rules (AditNftFirewall *self, const AditLockPolicy *policy, AditLinks *links, GError **error)
{
  g_autofree char *text = NULL;
  Written *written;

  for (guint i = 0; i < MAX_WRITTEN && self->written[i] != NULL; i++)
    if (memcmp (&self->written[i]->policy, policy, sizeof *policy) == 0 && adit_links_equal (self->written[i]->links, links))
      return self->written[i];
  text = adit_ruleset_new (policy, links);
  if (text == NULL)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "a network device has a name that no firewall rule can hold");
      return NULL;
    }
  written = g_new0 (Written, 1);
  g_clear_pointer (&self->written[self->oldest], written_free);
  self->written[self->oldest] = written;
  self->oldest = (self->oldest + 1) % MAX_WRITTEN;
  memcpy (&written->policy, policy, sizeof *policy);
  written->links = adit_links_ref (links);
  written->outline = adit_ruleset_outline (text);
  written->text = g_steal_pointer (&text);
  return written;
}

/* Rules that are made anew have no members for a portal: what is open comes back with them, in the same transaction, for the time
 * that it has yet.  What nft says of it is believed: the tables' outline knows no portal's members. */
static char *
add_hole (AditNftFirewall *self, const AditLockPolicy *policy, const char *rules)
{
  gint64 left_us = self->hole_end_us - adit_alarm_get_now_us ();
  g_autofree char *hole = NULL;

  if (!policy->reach.has_portal || left_us <= 0)
    return g_strdup (rules);
  hole = adit_ruleset_portal (&self->hole, (guint) ((left_us + G_TIME_SPAN_SECOND - 1) / G_TIME_SPAN_SECOND));
  return g_strconcat (rules, hole, NULL);
}

/* One try: look at the links, set the rules, read them back.  Where nothing but the lock has changed only members of sets do.
 * A raw frame or a guest's can slip through while a hook is changed for another, so the chains that are there are kept if they
 * are the right ones; else a second pair of tables stands meanwhile. */
static gboolean
try_lock (AditNftFirewall *self, const AditLockPolicy *policy, GError **error)
{
  g_autofree char *stamp = adit_links_dup_stamp ();    /* first: what comes or goes later has another one */
  g_autoptr (AditLinks) links = NULL;
  g_autofree char *refill = NULL, *refilled = NULL, *whole = NULL, *before = NULL, *found = NULL;
  Written *written;
  gboolean was_none;

  if (!adit_links_silence_unwritable (error))
    return FALSE;
  if (is_untouched (self, stamp) && set_members (self, policy))
    {
      g_clear_pointer (&self->outline, g_free);    /* nobody needs it unless somebody changes something */
      return TRUE;
    }
  links = has_same_links (self, stamp) ? adit_links_ref (self->links) : adit_links_read (error);
  written = links != NULL ? write_rules (self, policy, links, error) : NULL;
  if (written == NULL)
    return FALSE;
  was_none = self->none_at != 0 && self->none_at == adit_nft_generation_read (self->counter);
  self->none_at = 0;
  if (self->is_set)
    before = g_strdup (get_outline (self));
  else if (!was_none)
    before = outline_ours (self, NULL);
  if (before != NULL && has_same_chains (before, written->outline))
    {
      refill = adit_ruleset_refill (policy, links);
      refilled = add_hole (self, policy, refill);
      found = set_rules (self, refilled, written, NULL);
    }
  if (found == NULL)
    {
      whole = add_hole (self, policy, written->text);
      if (!was_none)    /* half a lock, as another program leaves it, cannot be read whole and holds frames all the same */
        set_guard (self, whole);
      found = set_rules (self, whole, written, error);
      if (!was_none)
        remove_guard (self);
    }
  else if (!self->is_set)
    remove_guard (self);
  if (found == NULL)
    return FALSE;
  self->is_set = TRUE;
  g_clear_pointer (&self->links, adit_links_unref);
  self->links = g_steal_pointer (&links);
  self->links_stale = FALSE;
  g_free (self->stamp);
  self->stamp = g_steal_pointer (&stamp);
  g_free (self->outline);
  self->outline = g_steal_pointer (&found);
  return TRUE;
}

/* Behind rules that were set without it. */
static void
put_back_hole (AditNftFirewall *self, const AditLockPolicy *policy)
{
  g_autofree char *hole = add_hole (self, policy, "");
  g_autoptr (GError) error = NULL;

  if (*hole == '\0' || run_counted (self, hole, &error))
    return;
  g_warning ("the hole for the network's page is shut before its time: %s", error->message);
  self->hole_end_us = 0;
}

static gboolean
set_lock (AditNftFirewall *self, const AditLockPolicy *policy, GError **error)
{
  gint64 hole_end_us;

  for (guint i = 1; i < MAX_TRIES; i++)
    if (try_lock (self, policy, NULL))
      return TRUE;
  /* A hole may be what cannot be written: its program's group can be gone. */
  hole_end_us = self->hole_end_us;
  self->hole_end_us = 0;
  if (!try_lock (self, policy, error))
    {
      self->hole_end_us = hole_end_us;
      return FALSE;
    }
  self->hole_end_us = hole_end_us;
  put_back_hole (self, policy);
  return TRUE;
}

static void check_lock (AditNftFirewall *self, const char *by);

static gboolean
on_retry (gpointer user_data)
{
  AditNftFirewall *self = user_data;

  self->retry = 0;
  check_lock (self, "");
  return G_SOURCE_REMOVE;
}

/* By looking, not by who is said to have done it: process ids mean nothing across namespaces, and a lie costs nothing. */
static void
check_lock (AditNftFirewall *self, const char *by)
{
  gint64 noticed_us = self->broken_us != 0 ? self->broken_us : g_get_monotonic_time ();
  g_autoptr (AditLinks) links = NULL;
  g_autofree char *outline = NULL, *stamp = NULL;
  g_autoptr (GError) error = NULL;
  gboolean same_links, kept, silent;
  guint32 generation;

  if (!self->is_set)
    return;
  stamp = adit_links_dup_stamp ();
  silent = adit_links_silence_unwritable (NULL);
  if (silent && is_untouched (self, stamp))
    return;
  generation = adit_nft_generation_read (self->counter);
  outline = outline_ours (self, NULL);
  links = adit_links_read (NULL);
  same_links = links != NULL && adit_links_equal (links, self->links);
  if (silent && same_links && g_strcmp0 (outline, get_outline (self)) == 0 && self->broken_us == 0)
    {
      self->generation = generation;
      g_free (self->stamp);
      self->stamp = g_steal_pointer (&stamp);
      return;
    }
  self->generation = 0;
  /* A link that came or went took its own chain along: nobody's doing.  All else is somebody's, also at the same moment. */
  kept = outline != NULL && links != NULL &&
         adit_ruleset_outline_kept (get_outline (self), outline, (const char *const *) links->names);
  if (!set_lock (self, &self->policy, &error))
    {
      g_warning ("the lock is not whole and could not be put back: %s", error->message);
      if (self->retry == 0)
        self->retry = g_timeout_add (RETRY_AFTER_MS, on_retry, self);
      if (self->broken_us == 0)
        {
          self->broken_us = noticed_us;
          adit_firewall_emit_disturbed (ADIT_FIREWALL (self), FALSE, g_get_monotonic_time () - noticed_us, by);
        }
      return;
    }
  kept = kept && self->broken_us == 0;
  self->broken_us = 0;
  if (!kept)
    adit_firewall_emit_disturbed (ADIT_FIREWALL (self), TRUE, g_get_monotonic_time () - noticed_us, by);
}

static void
on_changed (const char *by, gboolean links, gpointer user_data)
{
  g_autoptr (AditNftFirewall) self = g_object_ref (ADIT_NFT_FIREWALL (user_data));

  self->links_stale = self->links_stale || links;
  /* What has just failed to put it back has changed something as well, and would be heard of for ever. */
  if (self->retry == 0)
    check_lock (self, by);
}

static const char *
nft_get_name (AditFirewall *firewall)
{
  return "nftables";
}

static gboolean
nft_probe (AditFirewall *firewall, GError **error)
{
  AditNftFirewall *self = ADIT_NFT_FIREWALL (firewall);

  self->proved = self->proved || run_counted (self, probe_text, error);
  if (self->proved)
    return TRUE;
  g_prefix_error (error, "this kernel cannot hold the lock (it needs nftables with an egress hook, Linux 5.16): ");
  return FALSE;
}

static gboolean
remove_lock (AditNftFirewall *self, GError **error)
{
  const AditLockPolicy off = { .lock = ADIT_LOCK_OFF };
  g_autofree char *lock = adit_ruleset_new (&off, NULL), *text = g_strconcat (lock, no_guard_text, NULL);

  if (!adit_nft_generation_lacks_nftables (self->counter) && !run (self, text, NULL, error))
    return FALSE;
  /* The monitor stays and has nothing to guard: closing its sockets takes the kernel 20 ms, for which a person would wait. */
  g_clear_handle_id (&self->retry, g_source_remove);
  self->is_set = FALSE;
  g_clear_pointer (&self->outline, g_free);
  g_clear_pointer (&self->links, adit_links_unref);
  self->generation = 0;
  self->broken_us = 0;
  self->hole_end_us = 0;
  self->policy = off;
  if (find_tables (self) == 0)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "the firewall rules are still there after they were removed");
  return FALSE;
}

static gboolean
nft_apply (AditFirewall *firewall, const AditLockPolicy *policy, GError **error)
{
  AditNftFirewall *self = ADIT_NFT_FIREWALL (firewall);

  if (policy->lock == ADIT_LOCK_OFF)
    return remove_lock (self, error);
  /* Listen first: a link that appears while the rules are being made rings afterwards. */
  if (self->monitor == NULL)
    self->monitor = adit_nft_monitor_new (on_changed, self, error);
  if (self->monitor == NULL || !set_lock (self, policy, error))
    return FALSE;
  self->policy = *policy;
  self->broken_us = 0;
  if (!policy->reach.has_portal)
    self->hole_end_us = 0;
  return TRUE;
}

static gboolean
nft_is_present (AditFirewall *firewall)
{
  return find_tables (ADIT_NFT_FIREWALL (firewall)) != 0;
}

static gboolean
nft_open_portal (AditFirewall *firewall, const AditPortalHole *hole, guint seconds, GError **error)
{
  AditNftFirewall *self = ADIT_NFT_FIREWALL (firewall);
  g_autofree char *text = adit_ruleset_portal (hole, seconds);

  if (self->policy.lock == ADIT_LOCK_OFF || !self->policy.reach.has_portal)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "the lock has no room for a portal");
      return FALSE;
    }
  if (!run_counted (self, text, error))
    return FALSE;
  self->hole = *hole;
  self->hole_end_us = adit_alarm_get_now_us () + seconds * G_TIME_SPAN_SECOND;
  return TRUE;
}

static void
adit_nft_firewall_iface_init (AditFirewallInterface *iface)
{
  iface->open_portal = nft_open_portal;
  iface->get_name = nft_get_name;
  iface->probe = nft_probe;
  iface->apply = nft_apply;
  iface->is_present = nft_is_present;
}

static void
adit_nft_firewall_finalize (GObject *object)
{
  AditNftFirewall *self = ADIT_NFT_FIREWALL (object);

  adit_nft_monitor_free (self->monitor);
  adit_nft_generation_free (self->counter);
  adit_nft_dump_free (self->reader);
  g_clear_handle_id (&self->retry, g_source_remove);
  g_clear_pointer (&self->links, adit_links_unref);
  for (guint i = 0; i < MAX_WRITTEN; i++)
    g_clear_pointer (&self->written[i], written_free);
  g_free (self->stamp);
  g_free (self->outline);
  g_clear_pointer (&self->nft, nft_ctx_free);
  G_OBJECT_CLASS (adit_nft_firewall_parent_class)->finalize (object);
}

static void
adit_nft_firewall_class_init (AditNftFirewallClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_nft_firewall_finalize;
}

static void
adit_nft_firewall_init (AditNftFirewall *self)
{
  self->policy.lock = ADIT_LOCK_OFF;
  self->counter = adit_nft_generation_new ();
  self->reader = adit_nft_dump_new ();
  (void) open_library (self);
}

/**
 * adit_nft_firewall_new:
 *
 * Nothing is looked at or changed yet.  When it is freed a lock stays in force; only nobody guards it then.
 *
 * Returns: (transfer full): the lock of this computer
 */
AditFirewall *
adit_nft_firewall_new (void)
{
  return g_object_new (ADIT_TYPE_NFT_FIREWALL, NULL);
}
