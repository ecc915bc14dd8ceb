/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-queue.c: one at a time.  What the server has taken is marked before the next one goes; what became of one that was cut
 * short nobody knows, and it is sent again under the same id, by which the server knows that it has it.
 *
 * There is a timer only while something is to be tried again at a time. */
#define G_LOG_DOMAIN "adit-reports"

#include "client/helper/report-queue.h"

#include <string.h>

#include "client/base/error.h"

#define FIRST_PAUSE_S  60
#define MAX_DOUBLINGS  9        /* up to eight and a half hours, and half of it by chance */
#define MAX_TIMER_S    3600     /* a timer does not count while the computer sleeps */

struct _AditReportQueue
{
  AditSpool      *spool;    /* outlives us */
  char           *directory, *configuration;
  AditReportPost  post;
  gpointer        post_data;
  GHashTable     *asked;          /* server's name to gint64 of UTC seconds: it wants nothing before that */
  GHashTable     *paused;         /* the same of our own: it did not work, and one report after the other would not either */
  GHashTable     *taken;          /* set of ids: the server has them, and the disk does not say so */
  char            sending[ADIT_REPORT_ID_LENGTH + 1];    /* "": none */
  guint8          sending_to[ADIT_SPOOL_DIGEST_BYTES];   /* the server of that one; by the answer it may have another */
  GCancellable   *cancellable;    /* of that one */
  gboolean        was_open;       /* the way, when it was looked at last */
  gboolean        is_over;        /* freed, but for an answer that comes */
  guint           timer;
  guint32         last_uid;       /* whose turn it was */
};

/**
 * adit_report_get_pause_s:
 * @n_failures: how often in a row it did not work, at least 1
 * @chance: a random number, 0 or more and below 1, so that not all computers come back at once
 *
 * Returns: after how many seconds it is tried again
 */
guint
adit_report_get_pause_s (guint n_failures, double chance)
{
  guint pause_s = FIRST_PAUSE_S << MIN (n_failures - 1, MAX_DOUBLINGS);

  g_return_val_if_fail (n_failures > 0 && chance >= 0 && chance < 1, pause_s);
  return pause_s + (guint) (pause_s * chance / 2);
}

static gint64
get_now_s (AditReportQueue *self)
{
  return self->post.get_now_s (self->post_data);
}

/* A clock that was wrong once keeps nothing from being sent for longer than the longest pause. */
static gint64
limit_time (gint64 at_s, gint64 now_s)
{
  return at_s > now_s + ADIT_REPORT_MAX_PAUSE_S ? 0 : at_s;
}

static char *
dup_server_name (const guint8 digest[ADIT_SPOOL_DIGEST_BYTES])
{
  return g_base64_encode (digest, ADIT_SPOOL_DIGEST_BYTES);
}

static gint64
get_time (GHashTable *times, const guint8 digest[ADIT_SPOOL_DIGEST_BYTES])
{
  g_autofree char *name = dup_server_name (digest);
  const gint64 *at_s = g_hash_table_lookup (times, name);

  return at_s != NULL ? *at_s : 0;
}

static void
set_time (GHashTable *times, const guint8 digest[ADIT_SPOOL_DIGEST_BYTES], gint64 at_s)
{
  g_hash_table_replace (times, dup_server_name (digest), g_memdup2 (&at_s, sizeof at_s));
}

/**
 * adit_report_queue_get_next_try_s:
 * @self: the queue
 * @entry: a report
 *
 * Returns: when it is tried next by the clock, UTC; 0 where that is not by time
 */
gint64
adit_report_queue_get_next_try_s (AditReportQueue *self, const AditSpoolEntry *entry)
{
  gint64 now_s = get_now_s (self), at_s;

  if (entry->state != ADIT_SPOOL_QUEUED)
    return 0;
  at_s = MAX (limit_time (entry->next_try_s, now_s), limit_time (get_time (self->asked, entry->server), now_s));
  at_s = MAX (limit_time (get_time (self->paused, entry->server), now_s), at_s);
  return at_s > now_s ? at_s : 0;
}

/* What is queued for a server keeps what that has asked for beside its own next try, which is about that report alone. */
static void
recall_asked (AditReportQueue *self, const AditSpoolEntry *entry)
{
  if (entry->state == ADIT_SPOOL_QUEUED && entry->asked_s > get_time (self->asked, entry->server))
    set_time (self->asked, entry->server, entry->asked_s);
}

/**
 * adit_report_queue_new:
 * @spool: the reports; outlives it
 * @directory: that of the spool
 * @configuration: the administrator's file
 * @post: what it needs of the world
 * @post_data: for @post; outlives it
 *
 * What a server has asked for before a restart still holds.
 *
 * Returns: (transfer full): a queue; nothing is sent before adit_report_queue_look()
 */
AditReportQueue *
adit_report_queue_new (AditSpool *spool, const char *directory, const char *configuration, const AditReportPost *post,
                       gpointer post_data)
{
  AditReportQueue *self = g_new0 (AditReportQueue, 1);
  GPtrArray *entries = adit_spool_get_all (spool);

  self->spool = spool;
  self->directory = g_strdup (directory);
  self->configuration = g_strdup (configuration);
  self->post = *post;
  self->post_data = post_data;
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->paused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < entries->len; i++)
    recall_asked (self, entries->pdata[i]);
  return self;
}

static void
destroy (AditReportQueue *self)
{
  g_hash_table_unref (self->asked);
  g_hash_table_unref (self->paused);
  g_hash_table_unref (self->taken);
  g_clear_object (&self->cancellable);
  g_free (self->directory);
  g_free (self->configuration);
  g_free (self);
}

/**
 * adit_report_queue_free:
 * @self: (nullable): a queue; what is under way is cut short, and is sent again by the next helper
 */
void
adit_report_queue_free (AditReportQueue *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->is_over = TRUE;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);    /* its answer comes, and destroys the rest */
  else
    destroy (self);
}

/* It is so for this helper, also where the disk does not keep it. */
static void
change (AditReportQueue *self, AditSpoolEntry *entry, const AditSpoolEntry *changed)
{
  g_autoptr (GError) error = NULL;

  if (!adit_spool_change (self->spool, entry, changed, &error))
    {
      g_warning ("what became of a report is not kept: %s", error->message);
      *entry = *changed;
    }
  self->post.changed (self->post_data, entry->owner_uid);
}

/* --- What is to be sent ----------------------------------------------------------------------------------------------------- */

/* Whether the yes that queued it still holds, and it goes where that was said to; otherwise it waits for another one. */
static gboolean
find_server (AditReportQueue *self, AditSpoolEntry *entry, AditReportServer *server)
{
  AditReportPerson person;
  gboolean is_same;

  adit_report_person_load (self->directory, entry->owner_uid, &person);
  adit_report_server_find (server, self->configuration, &person);
  is_same = server->is_set && memcmp (server->digest, entry->server, sizeof server->digest) == 0;
  if (is_same && (!entry->is_by_always || adit_report_person_get_consent (&person, server) == ADIT_CONSENT_ALWAYS))
    return TRUE;
  adit_report_queue_take_back (self, entry, is_same ? ADIT_SPOOL_NO_REASON : ADIT_SPOOL_SERVER_CHANGED);
  return FALSE;
}

static gboolean
has_queued (AditReportQueue *self)
{
  GPtrArray *entries = adit_spool_get_all (self->spool);

  for (guint i = 0; i < entries->len; i++)
    if (((const AditSpoolEntry *) entries->pdata[i])->state == ADIT_SPOOL_QUEUED)
      return TRUE;
  return FALSE;
}

/* Whether @entry goes before @other.  People take turns, in the order of their numbers: a server that one of them has set, and
 * that never answers, costs everybody else one wait, whatever they have queued for it.  Of one person's the one that could have
 * gone the longest time ago, so that one that is never taken holds up no other. */
static gboolean
is_before (AditReportQueue *self, const AditSpoolEntry *entry, const AditSpoolEntry *other)
{
  guint32 distance = entry->owner_uid - self->last_uid - 1;    /* around 0 */
  guint32 other_distance = other->owner_uid - self->last_uid - 1;

  return distance != other_distance ? distance < other_distance : entry->next_try_s < other->next_try_s;
}

/* The next one that may go now. */
static AditSpoolEntry *
find_next (AditReportQueue *self, gint64 *wait_s)
{
  GPtrArray *entries = adit_spool_get_all (self->spool);
  gint64 now_s = get_now_s (self);
  AditSpoolEntry *next = NULL;

  *wait_s = 0;
  for (guint i = 0; i < entries->len; i++)
    {
      AditSpoolEntry *entry = entries->pdata[i];
      gint64 at_s = adit_report_queue_get_next_try_s (self, entry);

      if (entry->state != ADIT_SPOOL_QUEUED || g_hash_table_contains (self->taken, entry->id))
        continue;
      if (at_s > 0)
        *wait_s = *wait_s == 0 ? at_s - now_s : MIN (*wait_s, at_s - now_s);
      else if (next == NULL || is_before (self, entry, next))
        next = entry;
    }
  return next;
}

static gboolean
on_timer (gpointer user_data)
{
  AditReportQueue *self = user_data;

  self->timer = 0;
  adit_report_queue_look (self);
  return G_SOURCE_REMOVE;
}

static gboolean
is_queued_for (const AditSpoolEntry *entry, const guint8 digest[ADIT_SPOOL_DIGEST_BYTES])
{
  return entry->state == ADIT_SPOOL_QUEUED && memcmp (entry->server, digest, sizeof entry->server) == 0;
}

/* The server has it: that it is not sent again comes before all else. */
static void
mark_sent (AditReportQueue *self, AditSpoolEntry *entry)
{
  AditSpoolEntry changed = *entry;
  guint32 owner_uid = entry->owner_uid;
  g_autoptr (GError) error = NULL;

  changed.state = ADIT_SPOOL_SENT;
  changed.reason = ADIT_SPOOL_NO_REASON;
  changed.next_try_s = 0;
  changed.asked_s = 0;
  changed.n_failures = 0;
  if (adit_spool_change (self->spool, entry, &changed, &error))
    g_message ("a report was sent");
  else
    {
      g_warning ("a report was sent and is not kept: %s", error->message);
      g_hash_table_add (self->taken, g_strdup (entry->id));
      (void) adit_spool_remove (self->spool, entry, NULL);
    }
  self->post.changed (self->post_data, owner_uid);
}

static void
mark_refused (AditReportQueue *self, AditSpoolEntry *entry, guint status)
{
  AditSpoolEntry changed = *entry;

  g_message ("the server does not take a report (%u)", status);
  changed.state = ADIT_SPOOL_REFUSED;
  changed.reason = status == 401 || status == 403 ? ADIT_SPOOL_KEY : status == 413 ? ADIT_SPOOL_TOO_LARGE : ADIT_SPOOL_NOT_TAKEN;
  changed.next_try_s = 0;
  changed.asked_s = 0;
  changed.n_failures = 0;
  change (self, entry, &changed);
}

/* It may be this report alone that does not get through: others for the same server wait no longer than after a first failure. */
static void
put_off (AditReportQueue *self, AditSpoolEntry *entry, AditSpoolReason reason)
{
  AditSpoolEntry changed = *entry;
  gint64 now_s = get_now_s (self);
  double chance = g_random_double ();

  changed.n_failures = MIN (entry->n_failures, G_MAXUINT32 - 1) + 1;
  changed.next_try_s = now_s + adit_report_get_pause_s (changed.n_failures, chance);
  changed.reason = reason;
  set_time (self->paused, entry->server, now_s + adit_report_get_pause_s (1, chance));
  change (self, entry, &changed);
}

/* With all that is queued for this server, so that the next helper knows of it.  What it had not answered to waits no longer than
 * that, since it answers now. */
static void
keep_asked (AditReportQueue *self, const guint8 digest[ADIT_SPOOL_DIGEST_BYTES], guint retry_after_s)
{
  GPtrArray *entries = adit_spool_get_all (self->spool);
  gint64 at_s = get_now_s (self) + MIN (retry_after_s, ADIT_REPORT_MAX_PAUSE_S);

  set_time (self->asked, digest, at_s);
  for (guint i = 0; i < entries->len; i++)
    {
      AditSpoolEntry *entry = entries->pdata[i], changed = *entry;

      if (!is_queued_for (entry, digest))
        continue;
      changed.asked_s = at_s;
      if (entry->reason != ADIT_SPOOL_ASKED_TO_WAIT)
        changed.next_try_s = 0;
      changed.reason = ADIT_SPOOL_ASKED_TO_WAIT;
      change (self, entry, &changed);
    }
}

/* Where somebody has said yes to another server meanwhile, that one is still to have it. */
static void
take_answer (AditReportQueue *self, AditSpoolEntry *entry, const AditReportAnswer *answer)
{
  gboolean is_wanted = is_queued_for (entry, self->sending_to);

  if (answer->outcome == ADIT_REPORT_SENT && (is_wanted || entry->state != ADIT_SPOOL_QUEUED))
    mark_sent (self, entry);
  else if (is_wanted && answer->outcome == ADIT_REPORT_REFUSED)
    mark_refused (self, entry, answer->status);
  else if (is_wanted)    /* else it was taken back meanwhile */
    put_off (self, entry, ADIT_SPOOL_ASKED_TO_WAIT);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditReportQueue *self = user_data;
  g_autoptr (GError) error = NULL;
  AditReportAnswer answer = { ADIT_REPORT_LATER };
  gboolean is_answered = self->post.send_finish (self->post_data, result, &answer, &error);
  AditSpoolEntry *entry;

  if (self->is_over)
    {
      destroy (self);
      return;
    }
  entry = adit_spool_find (self->spool, self->sending);    /* none: it was deleted meanwhile */
  self->sending[0] = '\0';
  g_clear_object (&self->cancellable);
  if (entry != NULL)
    entry->is_under_way = FALSE;
  if (entry != NULL && is_answered)
    take_answer (self, entry, &answer);
  else if (entry != NULL && is_queued_for (entry, self->sending_to) && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_info ("a report could not be sent: %s", error->message);
      put_off (self, entry, g_error_matches (error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNTRUSTED) ? ADIT_SPOOL_UNTRUSTED
                                                                                           : ADIT_SPOOL_UNREACHABLE);
    }
  if (answer.retry_after_s > 0)
    keep_asked (self, self->sending_to, answer.retry_after_s);
  adit_report_queue_look (self);
}

/* It is on its way then, or put off, or no longer to be sent. */
static void
send_entry (AditReportQueue *self, AditSpoolEntry *entry)
{
  g_auto (AditReportServer) server = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = NULL;

  self->last_uid = entry->owner_uid;
  if (!find_server (self, entry, &server))
    return;
  text = adit_spool_read (self->spool, entry, &error);
  if (text == NULL)
    {
      g_warning ("a report is not sent: %s", error->message);
      put_off (self, entry, ADIT_SPOOL_UNREACHABLE);
      return;
    }
  g_strlcpy (self->sending, entry->id, sizeof self->sending);
  memcpy (self->sending_to, entry->server, sizeof self->sending_to);
  self->cancellable = g_cancellable_new ();
  entry->is_under_way = TRUE;
  self->post.send (self->post_data, &server, self->sending, text, self->cancellable, on_sent, self);
}

/* What nobody answered to may be tried anew at once; what a server has asked for stays. */
static void
hurry (AditReportQueue *self, AditSpoolEntry *entry)
{
  g_autofree char *name = dup_server_name (entry->server);

  if (entry->state != ADIT_SPOOL_QUEUED || (entry->reason != ADIT_SPOOL_UNREACHABLE && entry->reason != ADIT_SPOOL_UNTRUSTED))
    return;
  entry->next_try_s = 0;
  g_hash_table_remove (self->paused, name);
}

/**
 * adit_report_queue_look:
 * @self: the queue
 *
 * Something may be another than before: what is queued, how packets leave, the time.  Sends what may be sent, and cuts short what
 * may no longer.
 */
void
adit_report_queue_look (AditReportQueue *self)
{
  AditReportWay way;
  AditSpoolEntry *next;
  gint64 wait_s;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->sending[0] == '\0' && !has_queued (self))
    return;    /* as it is nearly always, and then nothing is asked of the system */
  way = self->post.find_way (self->post_data);
  if (way == ADIT_REPORT_WAY_OPEN && !self->was_open)
    for (guint i = 0; i < adit_spool_get_all (self->spool)->len; i++)
      hurry (self, adit_spool_get_all (self->spool)->pdata[i]);
  self->was_open = way == ADIT_REPORT_WAY_OPEN;
  if (self->sending[0] != '\0')
    {
      if (way != ADIT_REPORT_WAY_OPEN)
        g_cancellable_cancel (self->cancellable);
      return;
    }
  if (way != ADIT_REPORT_WAY_OPEN)
    return;    /* whoever opens it has us look again */
  while (self->sending[0] == '\0' && (next = find_next (self, &wait_s)) != NULL)
    send_entry (self, next);
  if (self->sending[0] == '\0' && wait_s > 0)
    self->timer = g_timeout_add_seconds ((guint) MIN (wait_s, MAX_TIMER_S), on_timer, self);
}

/**
 * adit_report_queue_stop:
 * @self: the queue
 * @entry: a report that is not to be sent any more
 *
 * Cuts it short where it is under way.
 */
void
adit_report_queue_stop (AditReportQueue *self, const AditSpoolEntry *entry)
{
  if (self->cancellable != NULL && g_str_equal (self->sending, entry->id))
    g_cancellable_cancel (self->cancellable);
}

/**
 * adit_report_queue_add:
 * @self: the queue
 * @entry: a report that is neither queued nor sent
 * @server: to which its owner has said yes
 * @is_by_always: by a yes to all
 * @error: return location; %ADIT_ERROR_STORE_FAILED, and then it is as it was
 *
 * Returns: whether it is queued; adit_report_queue_look() sends it
 */
gboolean
adit_report_queue_add (AditReportQueue *self, AditSpoolEntry *entry, const AditReportServer *server, gboolean is_by_always,
                       GError **error)
{
  AditSpoolEntry changed = *entry;
  gint64 now_s = get_now_s (self), asked_s = limit_time (get_time (self->asked, server->digest), now_s);

  changed.state = ADIT_SPOOL_QUEUED;
  changed.reason = asked_s > now_s ? ADIT_SPOOL_ASKED_TO_WAIT : ADIT_SPOOL_NO_REASON;
  changed.is_by_always = is_by_always;
  changed.next_try_s = 0;
  changed.asked_s = asked_s > now_s ? asked_s : 0;
  changed.n_failures = 0;
  memcpy (changed.server, server->digest, sizeof changed.server);
  if (!adit_spool_change (self->spool, entry, &changed, error))
    return FALSE;
  self->post.changed (self->post_data, entry->owner_uid);
  return TRUE;
}

/**
 * adit_report_queue_take_back:
 * @self: the queue
 * @entry: a report that is queued
 * @reason: why it waits again
 *
 * It is not sent without another yes.  Where a full disk does not keep that, what has taken the yes back is kept, and is looked
 * at again before anything is sent.
 */
void
adit_report_queue_take_back (AditReportQueue *self, AditSpoolEntry *entry, AditSpoolReason reason)
{
  AditSpoolEntry changed = *entry;

  adit_report_queue_stop (self, entry);
  changed.state = ADIT_SPOOL_WAITING;
  changed.reason = reason;
  changed.is_by_always = FALSE;
  changed.next_try_s = 0;
  changed.asked_s = 0;
  changed.n_failures = 0;
  change (self, entry, &changed);
}

/**
 * adit_report_queue_retry:
 * @self: the queue
 * @entry: a report
 *
 * Somebody wants it to be tried now; a server that has asked for patience is not asked sooner for it.
 */
void
adit_report_queue_retry (AditReportQueue *self, AditSpoolEntry *entry)
{
  hurry (self, entry);
  adit_report_queue_look (self);
}
