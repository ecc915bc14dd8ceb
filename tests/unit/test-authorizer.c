/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-authorizer.c: every method has its row, what has none is refused, and somebody else's account is another action; on a real
 * bus of the test's own, with a recording authority. */
#include "client/helper/authorizer.h"

#include <unistd.h>

#include "client/api/names.h"
#include "client/api/org.aditvpn.Adit1.h"
#include "client/base/error.h"
#include "platform/fake/fake-authority.h"

typedef struct
{
  GTestDBus         *daemon;
  GDBusConnection   *bus;
  GPtrArray         *log;
  AditFakeAuthority *authority;
  AditAuthorizer    *authorizer;
  gboolean           answered, allowed;
  guint32            uid;
  GError            *error;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  GError *error = NULL;

  f->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->daemon);
  f->bus = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (f->daemon),
                                                   G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  g_assert_no_error (error);
  f->log = adit_fake_log_new ();
  f->authority = adit_fake_authority_new (f->log);
  f->authorizer = adit_authorizer_new (f->bus, ADIT_AUTHORITY (f->authority));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->authorizer, adit_authorizer_free);
  g_clear_object (&f->authority);
  g_ptr_array_unref (f->log);
  g_dbus_connection_close_sync (f->bus, NULL, NULL);
  g_clear_object (&f->bus);
  g_test_dbus_down (f->daemon);
  g_clear_object (&f->daemon);
  g_clear_error (&f->error);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;

  f->allowed = adit_authorizer_check_finish (f->authorizer, result, &f->uid, &f->error);
  f->answered = TRUE;
}

static void
check (Fixture *f, const char *sender, const char *call, guint32 owner_uid)
{
  f->answered = FALSE;
  g_clear_error (&f->error);
  adit_authorizer_check_async (f->authorizer, sender, call, owner_uid, FALSE, on_checked, f);
  while (!f->answered)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_every_method_has_a_row (void)
{
  GDBusInterfaceInfo *info = adit_dbus_adit1_interface_info ();

  for (guint i = 0; info->methods[i] != NULL; i++)
    {
      const char *name = info->methods[i]->name;
      g_autofree char *on = g_strconcat (name, ":on", NULL), *off = g_strconcat (name, ":off", NULL);
      g_autofree char *wider = g_strconcat (name, ":wider", NULL), *narrower = g_strconcat (name, ":narrower", NULL);

      if (adit_authorizer_find (name) == NULL && (adit_authorizer_find (on) == NULL || adit_authorizer_find (off) == NULL) &&
          (adit_authorizer_find (wider) == NULL || adit_authorizer_find (narrower) == NULL))
        g_error ("%s is open to nobody", name);
    }
  g_assert_null (adit_authorizer_find ("SetLockdown"));
  g_assert_cmpstr (adit_authorizer_find ("SetLockdown:off")->action, ==, ADIT_ACTION_LOWER);
  g_assert_null (adit_authorizer_find ("SetSetting"));
  g_assert_cmpstr (adit_authorizer_find ("SetSetting:wider")->action, ==, ADIT_ACTION_WIDEN);
}

static void
test_unknown_call (Fixture *f, gconstpointer data)
{
  check (f, g_dbus_connection_get_unique_name (f->bus), "OpenEverything", ADIT_NO_OWNER);
  g_assert_false (f->allowed);
  g_assert_error (f->error, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED);
  g_assert_cmpuint (f->log->len, ==, 0);
}

static void
test_unknown_caller (Fixture *f, gconstpointer data)
{
  check (f, ":1.4711", "GetStatus", ADIT_NO_OWNER);
  g_assert_false (f->allowed);
  g_assert_error (f->error, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED);
}

static void
test_by_action (Fixture *f, gconstpointer data)
{
  const char *me = g_dbus_connection_get_unique_name (f->bus);

  if (geteuid () == 0)
    {
      g_test_skip ("root may do everything");
      return;
    }
  check (f, me, "GetStatus", ADIT_NO_OWNER);
  g_assert_true (f->allowed);
  g_assert_cmpuint (f->uid, ==, geteuid ());
  g_assert_cmpuint (f->log->len, ==, 0);    /* everybody may ask; polkit is not bothered */

  adit_fake_authority_deny (f->authority, ADIT_ACTION_CONNECT);
  check (f, me, "Connect", ADIT_NO_OWNER);
  g_assert_false (f->allowed);
  g_assert_error (f->error, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED);

  adit_fake_authority_allow (f->authority, ADIT_ACTION_CONNECT);
  check (f, me, "Connect", geteuid ());
  g_assert_true (f->allowed);

  /* The same method on somebody else's account is another question. */
  adit_fake_authority_deny (f->authority, ADIT_ACTION_OTHERS);
  check (f, me, "Connect", geteuid () + 1);
  g_assert_false (f->allowed);
  g_assert_error (f->error, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED);
}

typedef struct { guint n; gboolean was_answered; char *call; const Fixture *fixture; } Asked;

static void
on_asked (const char *call, gpointer user_data)
{
  Asked *asked = user_data;

  asked->n++;
  asked->was_answered = asked->fixture->answered;
  g_free (asked->call);
  asked->call = g_strdup (call);
}

/* Told between question and answer, and only where there is a question. */
static void
test_asked (Fixture *f, gconstpointer data)
{
  const char *me = g_dbus_connection_get_unique_name (f->bus);
  Asked asked = { .fixture = f };

  if (geteuid () == 0)
    {
      g_test_skip ("root is not asked about");
      return;
    }
  adit_authorizer_set_asked (f->authorizer, on_asked, &asked);
  check (f, me, "GetStatus", ADIT_NO_OWNER);
  check (f, ":1.4711", "Connect", ADIT_NO_OWNER);
  g_assert_cmpuint (asked.n, ==, 0);
  adit_fake_authority_deny (f->authority, ADIT_ACTION_CONNECT);
  check (f, me, "Connect", ADIT_NO_OWNER);
  g_assert_cmpuint (asked.n, ==, 1);
  g_assert_false (asked.was_answered);
  g_assert_cmpstr (asked.call, ==, "Connect");
  g_assert_false (f->allowed);
  g_free (asked.call);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/authorizer/every-method-has-a-row", test_every_method_has_a_row);
  g_test_add ("/authorizer/unknown-call", Fixture, NULL, set_up, test_unknown_call, tear_down);
  g_test_add ("/authorizer/unknown-caller", Fixture, NULL, set_up, test_unknown_caller, tear_down);
  g_test_add ("/authorizer/by-action", Fixture, NULL, set_up, test_by_action, tear_down);
  g_test_add ("/authorizer/asked", Fixture, NULL, set_up, test_asked, tear_down);
  return g_test_run ();
}
