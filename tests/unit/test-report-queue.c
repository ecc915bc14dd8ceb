/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-queue.c: what somebody has said yes to is sent, once, when it may be, and not before; over faults of all kinds. */
#include "client/helper/report-queue.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"

#define ME       1000u
#define SHE      1001u
#define DSN      "https://0123456789abcdef@reports.example.org/7"
#define OTHER    "https://0123456789abcdef@others.example.org/7"
#define NOW_S    1700000000
#define N_FAULTS 1000

/* What becomes of the next one that is sent. */
typedef enum
{
  TAKEN, TAKEN_AND_CUT, LATER, LATER_LONG, CUT, UNTRUSTED, KILLED_BEFORE, KILLED_AFTER, REFUSED, TOO_LARGE, TAKEN_FULL
} Fate;

typedef struct
{
  char            *root, *directory, *configuration;
  AditSpool       *spool;
  AditReportQueue *queue;
  AditReportWay    way;
  gint64           now_s;
  Fate             fate;
  GHashTable      *received;    /* id to how often the server was given it */
  GHashTable      *thanked;     /* set of ids: we know that the server has them */
  guint            n_sent, n_outside, n_repeated;
  guint32          hung_uid;    /* nothing is answered to what this person sends, and it waits for long; 0: nobody */
  GTask           *pending;     /* one that nothing is answered to yet */
} Fixture;

static AditReportWay
find_way (gpointer data)
{
  return ((Fixture *) data)->way;
}

static gint64
get_now_s (gpointer data)
{
  return ((Fixture *) data)->now_s;
}

static void
send_now (gpointer data, const AditReportServer *server, const char *id, GBytes *text, GCancellable *cancellable,
          GAsyncReadyCallback callback, gpointer user_data)
{
  Fixture *f = data;
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  gboolean reaches = f->fate == TAKEN || f->fate == TAKEN_AND_CUT || f->fate == TAKEN_FULL || f->fate == KILLED_AFTER;
  AditReportAnswer answer = { ADIT_REPORT_SENT, 200 };

  g_task_set_check_cancellable (task, FALSE);
  f->n_sent++;
  if (f->hung_uid != 0 && adit_spool_find (f->spool, id)->owner_uid == f->hung_uid)
    {
      f->pending = task;
      return;
    }
  f->n_outside += f->way != ADIT_REPORT_WAY_OPEN || !g_str_equal (server->dsn.host, "reports.example.org");
  f->n_repeated += g_hash_table_contains (f->thanked, id);
  if (reaches)
    {
      guint before = GPOINTER_TO_UINT (g_hash_table_lookup (f->received, id));

      g_hash_table_replace (f->received, g_strdup (id), GUINT_TO_POINTER (before + 1));
    }
  if (f->fate == KILLED_BEFORE || f->fate == KILLED_AFTER)
    {
      f->pending = task;
      return;
    }
  if (f->fate == TAKEN)
    g_hash_table_add (f->thanked, g_strdup (id));
  if (f->fate == CUT || f->fate == TAKEN_AND_CUT)
    g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE, "cut");
  else if (f->fate == UNTRUSTED)
    g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_SERVICE_UNTRUSTED, "another certificate");
  else
    {
      if (f->fate == LATER || f->fate == LATER_LONG)
        answer = (AditReportAnswer) { ADIT_REPORT_LATER, 429, f->fate == LATER_LONG ? 7200 : 0 };
      else if (f->fate == TAKEN_FULL)
        answer.retry_after_s = 7200;
      else if (f->fate != TAKEN)
        answer = (AditReportAnswer) { ADIT_REPORT_REFUSED, f->fate == TOO_LARGE ? 413 : 401 };
      g_task_return_pointer (task, g_memdup2 (&answer, sizeof answer), g_free);
    }
  g_object_unref (task);
}

static gboolean
send_finish (gpointer data, GAsyncResult *result, AditReportAnswer *answer, GError **error)
{
  g_autofree AditReportAnswer *said = g_task_propagate_pointer (G_TASK (result), error);

  if (said != NULL)
    *answer = *said;
  return said != NULL;
}

static void
changed (gpointer data, guint32 owner_uid)
{
  g_assert_true (owner_uid == ME || owner_uid == SHE);
}

static const AditReportPost post = { find_way, get_now_s, send_now, send_finish, changed };

static void
settle (void)
{
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
}

/* A helper begins. */
static void
begin (Fixture *f)
{
  GError *error = NULL;

  f->spool = adit_spool_open (f->directory, &error);
  g_assert_no_error (error);
  f->queue = adit_report_queue_new (f->spool, f->directory, f->configuration, &post, f);
}

/* And ends, at whatever point it is: nothing is written any more. */
static void
end (Fixture *f)
{
  g_clear_pointer (&f->queue, adit_report_queue_free);
  if (f->pending != NULL)
    g_task_return_new_error (f->pending, G_IO_ERROR, G_IO_ERROR_CANCELLED, "gone");
  g_clear_object (&f->pending);
  settle ();
  g_clear_pointer (&f->spool, adit_spool_close);
}

static void
set_server (Fixture *f, const char *dsn)
{
  g_autofree char *text = g_strdup_printf ("[report]\ndsn=%s\n", dsn);

  g_assert_true (g_file_set_contents (f->configuration, text, -1, NULL));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->root = g_dir_make_tmp ("adit-queue-XXXXXX", NULL);
  f->directory = g_build_filename (f->root, "reports", NULL);
  f->configuration = g_build_filename (f->root, "report.conf", NULL);
  f->received = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  f->thanked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  f->way = ADIT_REPORT_WAY_OPEN;
  f->now_s = NOW_S;
  set_server (f, DSN);
  begin (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) entries = g_dir_open (f->directory, 0, NULL);
  const char *name;

  end (f);
  while ((name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->directory, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (f->directory), ==, 0);
  g_unlink (f->configuration);
  g_assert_cmpint (g_rmdir (f->root), ==, 0);
  g_hash_table_unref (f->received);
  g_hash_table_unref (f->thanked);
  g_free (f->directory);
  g_free (f->configuration);
  g_free (f->root);
}

static void
find_server (Fixture *f, AditReportServer *server)
{
  AditReportPerson person;

  adit_report_person_load (f->directory, ME, &person);
  adit_report_server_find (server, f->configuration, &person);
  g_assert_true (server->is_set);
}

static AditSpoolEntry *
add_of (Fixture *f, guint32 uid, gboolean is_by_always)
{
  g_auto (AditReportServer) server = { 0 };
  g_autofree char *id = adit_report_make_id ();
  g_autoptr (GBytes) text = g_bytes_new_static ("text", 4);
  AditSpoolEntry entry = { .owner_uid = uid }, *added;
  GError *error = NULL;

  g_strlcpy (entry.id, id, sizeof entry.id);
  added = adit_spool_add (f->spool, &entry, text, &error);
  g_assert_no_error (error);
  find_server (f, &server);
  g_assert_true (adit_report_queue_add (f->queue, added, &server, is_by_always, &error));
  g_assert_no_error (error);
  return added;
}

static AditSpoolEntry *
add (Fixture *f, gboolean is_by_always)
{
  return add_of (f, ME, is_by_always);
}

static void
look (Fixture *f)
{
  adit_report_queue_look (f->queue);
  settle ();
}

static guint
count (Fixture *f, AditSpoolState state)
{
  GPtrArray *all = adit_spool_get_all (f->spool);
  guint n = 0;

  for (guint i = 0; i < all->len; i++)
    n += ((AditSpoolEntry *) all->pdata[i])->state == state;
  return n;
}

static void
test_held (Fixture *f, gconstpointer data)
{
  static const AditReportWay shut[] = { ADIT_REPORT_WAY_HELD, ADIT_REPORT_WAY_OFFLINE };

  for (gsize i = 0; i < G_N_ELEMENTS (shut); i++)
    {
      f->way = shut[i];
      add (f, FALSE);
      look (f);
      f->now_s += 10 * 86400;
      look (f);
      g_assert_cmpuint (f->n_sent, ==, 0);
    }
  f->way = ADIT_REPORT_WAY_OPEN;
  look (f);
  g_assert_cmpuint (f->n_sent, ==, 2);
  g_assert_cmpuint (count (f, ADIT_SPOOL_SENT), ==, 2);
}

/* What the main loop waits for at most; -1 where no timer is set. */
static int
get_timeout_ms (void)
{
  GMainContext *context = g_main_context_default ();
  GPollFD fds[8];
  int priority, timeout_ms = 0;

  g_assert_true (g_main_context_acquire (context));
  (void) g_main_context_prepare (context, &priority);
  (void) g_main_context_query (context, G_MAXINT, &timeout_ms, fds, G_N_ELEMENTS (fds));
  g_main_context_release (context);
  return timeout_ms;
}

/* Where there is nothing to be sent, or no way for it, nothing wakes the helper. */
static void
test_rest (Fixture *f, gconstpointer data)
{
  look (f);
  g_assert_cmpint (get_timeout_ms (), ==, -1);
  f->way = ADIT_REPORT_WAY_OFFLINE;
  add (f, FALSE);
  look (f);
  g_assert_cmpint (get_timeout_ms (), ==, -1);
  f->way = ADIT_REPORT_WAY_OPEN;
  f->fate = CUT;
  look (f);
  g_assert_cmpint (get_timeout_ms (), >, 0);    /* it is tried again */
  f->fate = TAKEN;
  f->now_s += 86400;
  look (f);
  g_assert_cmpuint (count (f, ADIT_SPOOL_SENT), ==, 1);
  g_assert_cmpint (get_timeout_ms (), ==, -1);
}

/* What is under way is cut short when it may leave no longer, and begins anew when it may again. */
static void
test_cut_short (Fixture *f, gconstpointer data)
{
  AditSpoolEntry *entry = add (f, FALSE);

  f->fate = KILLED_BEFORE;
  look (f);
  g_assert_true (entry->is_under_way);
  f->way = ADIT_REPORT_WAY_HELD;
  adit_report_queue_look (f->queue);
  g_assert_true (g_cancellable_is_cancelled (g_task_get_cancellable (f->pending)));
  g_task_return_new_error (f->pending, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  g_clear_object (&f->pending);
  settle ();
  g_assert_cmpint (entry->state, ==, ADIT_SPOOL_QUEUED);
  g_assert_cmpuint (entry->n_failures, ==, 0);
  f->fate = TAKEN;
  f->way = ADIT_REPORT_WAY_OPEN;
  look (f);
  g_assert_cmpint (entry->state, ==, ADIT_SPOOL_SENT);
}

/* The answer that the server gives to what is under way. */
static void
answer (Fixture *f, AditReportOutcome outcome, guint status, guint retry_after_s)
{
  AditReportAnswer said = { outcome, status, retry_after_s };

  g_task_return_pointer (f->pending, g_memdup2 (&said, sizeof said), g_free);
  g_clear_object (&f->pending);
  settle ();
}

/* It was to be cut short, and the server's yes was there first: that one is known, and it is not sent again. */
static void
test_sent_after_all (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    {
      AditSpoolEntry *entry = add (f, FALSE);

      f->fate = KILLED_AFTER;
      f->way = ADIT_REPORT_WAY_OPEN;
      look (f);
      if (i == 0)
        f->way = ADIT_REPORT_WAY_HELD;
      else
        adit_report_queue_take_back (f->queue, entry, ADIT_SPOOL_NO_REASON);
      adit_report_queue_look (f->queue);
      g_assert_true (g_cancellable_is_cancelled (g_task_get_cancellable (f->pending)));
      answer (f, ADIT_REPORT_SENT, 200, 0);
      g_assert_cmpint (entry->state, ==, ADIT_SPOOL_SENT);
      f->way = ADIT_REPORT_WAY_OPEN;
      look (f);
      g_assert_cmpuint (f->n_sent, ==, i + 1);
    }
}

/* What the server of before says is about that one; the one that has a yes now is still to have the report, and at once. */
static void
test_answer_of_other (Fixture *f, gconstpointer data)
{
  static const AditReportOutcome outcomes[] = { ADIT_REPORT_SENT, ADIT_REPORT_LATER, ADIT_REPORT_REFUSED };

  for (gsize i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_auto (AditReportServer) server = { 0 };
      AditSpoolEntry *entry;
      GError *error = NULL;

      f->now_s += 7200;
      set_server (f, OTHER);
      entry = add (f, FALSE);
      f->fate = KILLED_AFTER;
      look (f);
      adit_report_queue_take_back (f->queue, entry, ADIT_SPOOL_SERVER_CHANGED);
      set_server (f, DSN);
      find_server (f, &server);
      g_assert_true (adit_report_queue_add (f->queue, entry, &server, FALSE, &error));
      f->fate = TAKEN;
      answer (f, outcomes[i], 200, 7200);
      g_assert_cmpint (entry->state, ==, ADIT_SPOOL_SENT);
      g_assert_cmpuint (f->n_sent, ==, 2 * (i + 1));
      g_assert_true (g_hash_table_contains (f->thanked, entry->id));
    }
}

/* A server that wants it later is not asked before, also not by a new helper, for another report, or by a person who presses. */
static void
test_patience (Fixture *f, gconstpointer data)
{
  AditSpoolEntry *entry = add (f, FALSE);

  f->fate = LATER_LONG;
  look (f);
  g_assert_cmpuint (f->n_sent, ==, 1);
  g_assert_cmpint (entry->reason, ==, ADIT_SPOOL_ASKED_TO_WAIT);
  g_assert_cmpint (adit_report_queue_get_next_try_s (f->queue, entry), >=, NOW_S + 7200);
  f->fate = TAKEN;
  add (f, FALSE);
  adit_report_queue_retry (f->queue, entry);
  f->way = ADIT_REPORT_WAY_HELD;
  look (f);
  f->way = ADIT_REPORT_WAY_OPEN;
  f->now_s += 7199;
  look (f);
  end (f);
  begin (f);
  look (f);
  g_assert_cmpuint (f->n_sent, ==, 1);
  f->now_s += 1;
  look (f);
  g_assert_cmpuint (count (f, ADIT_SPOOL_SENT), ==, 2);
}

/* What a server asks for is about all that is queued for it, whatever became of each before, and holds over a restart and a way
 * that opens; how often one report failed is about that one. */
static void
test_asked (Fixture *f, gconstpointer data)
{
  AditSpoolEntry *first = add (f, FALSE), *second;
  gint64 asked_s;

  /* Eight failures keep the first for hours, and another for less than two minutes. */
  f->fate = CUT;
  for (guint i = 0; i < 8; i++)
    {
      look (f);
      f->now_s = first->next_try_s;
    }
  look (f);
  g_assert_cmpint (first->next_try_s - f->now_s, >, 2 * 3600);
  second = add (f, FALSE);
  g_assert_cmpint (adit_report_queue_get_next_try_s (f->queue, second), <, f->now_s + 120);
  g_assert_cmpint (adit_report_queue_get_next_try_s (f->queue, second), >, f->now_s);
  f->now_s += 120;
  f->fate = LATER_LONG;
  look (f);
  asked_s = f->now_s + 7200;

  f->fate = TAKEN;
  f->n_sent = 0;
  adit_report_queue_retry (f->queue, first);
  for (guint i = 0; i < 2; i++)
    {
      f->way = ADIT_REPORT_WAY_OFFLINE;
      look (f);
      f->way = ADIT_REPORT_WAY_OPEN;
      look (f);
      end (f);
      begin (f);
      look (f);
      add (f, FALSE);
      look (f);
    }
  f->now_s = asked_s - 1;
  look (f);
  g_assert_cmpuint (f->n_sent, ==, 0);
  f->now_s = asked_s;
  look (f);
  g_assert_cmpuint (f->n_sent, ==, 4);
  g_assert_cmpuint (count (f, ADIT_SPOOL_SENT), ==, 4);
}

/* A report that fails again and again is put off for hours; what its server has asked for is less, and all that others
 * wait for, also after a restart. */
static void
test_own_pause (Fixture *f, gconstpointer data)
{
  AditSpoolEntry *entry = add (f, FALSE), *other;
  g_autofree char *id = NULL;

  f->fate = LATER;
  for (guint i = 0; i < 10; i++)
    {
      look (f);
      f->now_s = i < 9 ? entry->next_try_s : f->now_s;
    }
  g_assert_cmpuint (f->n_sent, ==, 10);
  g_assert_cmpint (entry->next_try_s - f->now_s, >, 8 * 3600);
  other = add (f, FALSE);
  g_assert_cmpint (adit_report_queue_get_next_try_s (f->queue, other), <=, f->now_s + 90);
  id = g_strdup (other->id);
  end (f);
  begin (f);
  other = adit_spool_find (f->spool, id);
  g_assert_cmpint (adit_report_queue_get_next_try_s (f->queue, other), <=, f->now_s + 90);
  f->now_s += 90;
  f->fate = LATER_LONG;
  look (f);
  g_assert_cmpuint (f->n_sent, ==, 11);
  end (f);
  begin (f);
  add (f, FALSE);
  f->fate = TAKEN;
  f->now_s += 7199;
  look (f);
  g_assert_cmpuint (f->n_sent, ==, 11);
  f->now_s++;
  look (f);
  g_assert_cmpuint (f->n_sent, ==, 13);    /* all but the one that failed so often */
}

/* The limit comes with a thank you. */
static void
test_taken_and_asked (Fixture *f, gconstpointer data)
{
  add (f, FALSE);
  f->fate = TAKEN_FULL;
  look (f);
  add (f, FALSE);
  look (f);
  end (f);
  f->fate = TAKEN;
  begin (f);
  look (f);
  g_assert_cmpuint (f->n_sent, ==, 1);
  f->now_s += 7200;
  look (f);
  g_assert_cmpuint (count (f, ADIT_SPOOL_SENT), ==, 2);
}

/* Nobody answers: it is tried at once where a person wants it, or the way has opened again; else less and less often. */
static void
test_unreachable (Fixture *f, gconstpointer data)
{
  AditSpoolEntry *entry = add (f, FALSE);
  gint64 pause_s = 0;

  f->fate = CUT;
  for (guint i = 1; i < 6; i++)
    {
      look (f);
      g_assert_cmpuint (f->n_sent, ==, i);
      g_assert_cmpuint (entry->n_failures, ==, i);
      g_assert_cmpint (entry->next_try_s - f->now_s, >, pause_s);
      pause_s = entry->next_try_s - f->now_s;
      f->now_s = entry->next_try_s - 1;
      look (f);
      g_assert_cmpuint (f->n_sent, ==, i);
      f->now_s++;
    }
  f->fate = UNTRUSTED;
  look (f);
  g_assert_cmpint (entry->reason, ==, ADIT_SPOOL_UNTRUSTED);
  adit_report_queue_retry (f->queue, entry);
  settle ();
  g_assert_cmpuint (f->n_sent, ==, 7);
  f->way = ADIT_REPORT_WAY_OFFLINE;
  look (f);
  f->way = ADIT_REPORT_WAY_OPEN;
  f->fate = TAKEN;
  look (f);
  g_assert_cmpint (entry->state, ==, ADIT_SPOOL_SENT);
}

/* A server that is down is not asked once for each report. */
static void
test_down (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    add (f, FALSE);
  f->fate = CUT;
  look (f);
  g_assert_cmpuint (f->n_sent, ==, 1);
  f->now_s += 120;
  look (f);
  g_assert_cmpuint (f->n_sent, ==, 2);
  f->fate = TAKEN;
  f->now_s += ADIT_REPORT_MAX_PAUSE_S;
  look (f);
  g_assert_cmpuint (count (f, ADIT_SPOOL_SENT), ==, 3);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  AditSpoolEntry *entry = add (f, FALSE), *large;
  g_auto (AditReportServer) server = { 0 };

  f->fate = REFUSED;
  look (f);
  g_assert_cmpint (entry->state, ==, ADIT_SPOOL_REFUSED);
  g_assert_cmpint (entry->reason, ==, ADIT_SPOOL_KEY);
  f->now_s += 30 * 86400;
  look (f);
  g_assert_cmpuint (f->n_sent, ==, 1);
  large = add (f, FALSE);
  f->fate = TOO_LARGE;
  look (f);
  g_assert_cmpint (large->reason, ==, ADIT_SPOOL_TOO_LARGE);
  find_server (f, &server);
  f->fate = TAKEN;
  g_assert_true (adit_report_queue_add (f->queue, entry, &server, FALSE, NULL));    /* somebody says yes again */
  look (f);
  g_assert_cmpint (entry->state, ==, ADIT_SPOOL_SENT);
}

/* A yes is about one server, whoever sets another. */
static void
test_other_server (Fixture *f, gconstpointer data)
{
  AditSpoolEntry *entry;

  f->way = ADIT_REPORT_WAY_HELD;
  entry = add (f, FALSE);
  set_server (f, OTHER);
  f->way = ADIT_REPORT_WAY_OPEN;
  look (f);
  g_assert_cmpuint (f->n_sent, ==, 0);
  g_assert_cmpint (entry->state, ==, ADIT_SPOOL_WAITING);
  g_assert_cmpint (entry->reason, ==, ADIT_SPOOL_SERVER_CHANGED);
  set_server (f, DSN);
  look (f);
  g_assert_cmpuint (f->n_sent, ==, 0);
}

/* What only "always" has queued goes only as long as that holds, also where nobody could write down that it does not. */
static void
test_always (Fixture *f, gconstpointer data)
{
  g_auto (AditReportServer) server = { 0 };
  AditReportPerson person = { ADIT_CONSENT_ALWAYS };
  AditSpoolEntry *by_always, *by_person;

  find_server (f, &server);
  memcpy (person.consented, server.digest, sizeof person.consented);
  g_assert_true (adit_report_person_save (f->directory, ME, &person, NULL));
  f->way = ADIT_REPORT_WAY_HELD;
  by_always = add (f, TRUE);
  by_person = add (f, FALSE);
  person.consent = ADIT_CONSENT_ASK;
  g_assert_true (adit_report_person_save (f->directory, ME, &person, NULL));
  f->way = ADIT_REPORT_WAY_OPEN;
  look (f);
  g_assert_cmpuint (f->n_sent, ==, 1);
  g_assert_cmpint (by_always->state, ==, ADIT_SPOOL_WAITING);
  g_assert_cmpint (by_person->state, ==, ADIT_SPOOL_SENT);
}

static void
test_deleted (Fixture *f, gconstpointer data)
{
  AditSpoolEntry *entry = add (f, FALSE);

  f->fate = KILLED_BEFORE;
  look (f);
  adit_report_queue_stop (f->queue, entry);
  g_assert_true (adit_spool_remove (f->spool, entry, NULL));
  g_assert_true (g_cancellable_is_cancelled (g_task_get_cancellable (f->pending)));
  g_task_return_new_error (f->pending, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  g_clear_object (&f->pending);
  settle ();
  g_assert_cmpuint (f->n_sent, ==, 1);
}

/* Of one person's nothing is ever answered to, and there is always one more that may go: another's waits for one of them. */
static void
test_turns (Fixture *f, gconstpointer data)
{
  AditSpoolEntry *hers;

  for (guint i = 0; i < 5; i++)
    add (f, FALSE);
  hers = add_of (f, SHE, FALSE);
  f->hung_uid = ME;
  look (f);
  g_assert_nonnull (f->pending);
  g_task_return_new_error (f->pending, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE, "no answer");
  g_clear_object (&f->pending);
  settle ();
  g_assert_cmpint (hers->state, ==, ADIT_SPOOL_QUEUED);
  f->now_s += ADIT_REPORT_MAX_PAUSE_S;
  look (f);
  g_assert_cmpint (hers->state, ==, ADIT_SPOOL_SENT);
  g_assert_nonnull (f->pending);
}

static void
test_pauses (void)
{
  g_assert_cmpuint (adit_report_get_pause_s (1, 0), ==, 60);
  g_assert_cmpuint (adit_report_get_pause_s (1, 0.999), <, 90);
  g_assert_cmpuint (adit_report_get_pause_s (2, 0), ==, 120);
  g_assert_cmpuint (adit_report_get_pause_s (1000, 0.999), <, ADIT_REPORT_MAX_PAUSE_S);
  g_assert_cmpuint (adit_report_get_pause_s (1000, 0), >, 8 * 3600);
}

/* A clock that was far ahead once does not keep a report for years. */
static void
test_clock (Fixture *f, gconstpointer data)
{
  AditSpoolEntry *entry = add (f, FALSE);

  f->now_s = NOW_S + 20 * 365 * (gint64) 86400;
  f->fate = LATER;
  look (f);
  f->now_s = NOW_S;
  f->fate = TAKEN;
  end (f);
  begin (f);
  look (f);
  entry = adit_spool_get_all (f->spool)->pdata[0];
  g_assert_cmpint (entry->state, ==, ADIT_SPOOL_SENT);
}

/* Faults one after the other, the helper's death at any point among them, then a server that works: each is there, by its id
 * once; and none that we know to be there was sent again. */
static void
test_faults (Fixture *f, gconstpointer data)
{
  g_autoptr (GRand) chance = g_rand_new_with_seed (9);
  g_autoptr (GHashTable) all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_faults = 0, n_restarts = 0, n_twice = 0;
  GHashTableIter iter;
  gpointer id, times;

  while (n_faults < N_FAULTS)
    {
      while (count (f, ADIT_SPOOL_QUEUED) < 10 && adit_spool_get_all (f->spool)->len < ADIT_SPOOL_MAX_OWN)
        g_hash_table_add (all, g_strdup (add (f, FALSE)->id));
      f->fate = (Fate) g_rand_int_range (chance, 0, REFUSED);
      f->way = g_rand_int_range (chance, 0, 10) == 0 ? ADIT_REPORT_WAY_HELD : ADIT_REPORT_WAY_OPEN;
      n_faults += f->fate != TAKEN;
      f->now_s += g_rand_int_range (chance, 0, 40000);
      look (f);
      if (f->pending != NULL || g_rand_int_range (chance, 0, 10) == 0)
        {
          end (f);
          begin (f);
          n_restarts++;
        }
      /* Those that are done with make room, as their owner would. */
      for (guint i = adit_spool_get_all (f->spool)->len; i > 0; i--)
        {
          AditSpoolEntry *entry = adit_spool_get_all (f->spool)->pdata[i - 1];

          if (entry->state == ADIT_SPOOL_SENT)
            g_assert_true (adit_spool_remove (f->spool, entry, NULL));
        }
    }
  f->fate = TAKEN;
  f->way = ADIT_REPORT_WAY_OPEN;
  for (guint i = 0; i < 100 && count (f, ADIT_SPOOL_QUEUED) > 0; i++)
    {
      f->now_s += ADIT_REPORT_MAX_PAUSE_S;
      look (f);
    }
  g_assert_cmpuint (count (f, ADIT_SPOOL_QUEUED), ==, 0);
  g_assert_cmpuint (g_hash_table_size (f->received), ==, g_hash_table_size (all));
  g_hash_table_iter_init (&iter, f->received);
  while (g_hash_table_iter_next (&iter, &id, &times))
    {
      g_assert_true (g_hash_table_contains (all, id));
      n_twice += GPOINTER_TO_UINT (times) > 1;
    }
  g_test_message ("%u reports over %u faults, %u of them deaths: %u at the server, %u outside; %u came again under their own id, "
                  "since nobody here knew that they had arrived", g_hash_table_size (all), n_faults, n_restarts,
                  g_hash_table_size (f->received), f->n_outside, n_twice);
  g_assert_cmpuint (f->n_repeated, ==, 0);
  g_assert_cmpuint (f->n_outside, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/report-queue/held", Fixture, NULL, set_up, test_held, tear_down);
  g_test_add ("/report-queue/rest", Fixture, NULL, set_up, test_rest, tear_down);
  g_test_add ("/report-queue/cut-short", Fixture, NULL, set_up, test_cut_short, tear_down);
  g_test_add ("/report-queue/patience", Fixture, NULL, set_up, test_patience, tear_down);
  g_test_add ("/report-queue/sent-after-all", Fixture, NULL, set_up, test_sent_after_all, tear_down);
  g_test_add ("/report-queue/answer-of-other", Fixture, NULL, set_up, test_answer_of_other, tear_down);
  g_test_add ("/report-queue/own-pause", Fixture, NULL, set_up, test_own_pause, tear_down);
  g_test_add ("/report-queue/asked", Fixture, NULL, set_up, test_asked, tear_down);
  g_test_add ("/report-queue/taken-and-asked", Fixture, NULL, set_up, test_taken_and_asked, tear_down);
  g_test_add ("/report-queue/unreachable", Fixture, NULL, set_up, test_unreachable, tear_down);
  g_test_add ("/report-queue/down", Fixture, NULL, set_up, test_down, tear_down);
  g_test_add ("/report-queue/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/report-queue/other-server", Fixture, NULL, set_up, test_other_server, tear_down);
  g_test_add ("/report-queue/always", Fixture, NULL, set_up, test_always, tear_down);
  g_test_add ("/report-queue/deleted", Fixture, NULL, set_up, test_deleted, tear_down);
  g_test_add ("/report-queue/turns", Fixture, NULL, set_up, test_turns, tear_down);
  g_test_add ("/report-queue/clock", Fixture, NULL, set_up, test_clock, tear_down);
  g_test_add ("/report-queue/faults", Fixture, NULL, set_up, test_faults, tear_down);
  g_test_add_func ("/report-queue/pauses", test_pauses);
  return g_test_run ();
}
