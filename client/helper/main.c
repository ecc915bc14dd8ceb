/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main.c: aditd, the privileged helper. */
#include "config.h"

#include <glib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build-id.h"
#include "client/base/log.h"
#include "client/helper/crash-watch.h"
#include "client/helper/early.h"
#include "client/helper/helper.h"
#include "client/helper/recover.h"
#include "client/report/crash-handler.h"

/* For the whole life of the process.  A piped core pattern ignores a limit of 0, so the process is made undumpable as well; its
 * children cannot be, across exec, and inherit a limit of 1, which that pattern heeds. */
static void
set_limits (void)
{
  struct rlimit one = { 1, 1 }, descriptors;

  (void) setrlimit (RLIMIT_CORE, &one);
  /* So that callers who keep descriptors waiting do not keep the lock from its sockets. */
  if (getrlimit (RLIMIT_NOFILE, &descriptors) == 0)
    {
      descriptors.rlim_cur = descriptors.rlim_max;
      (void) setrlimit (RLIMIT_NOFILE, &descriptors);
    }
  (void) prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
  umask (077);
}

/* Libraries let their environment tell them much: which modules to load, where the bus is, what to print.  Whoever starts the
 * helper tells it nothing but which topics to log, and a service manager where it listens (notifier.c).  What the loader obeys is
 * over by now; that only root's own start can set. */
static void
clear_environment (void)
{
  static const char *const kept[] = { "ADIT_DEBUG", "NOTIFY_SOCKET", "WATCHDOG_USEC", NULL };
  g_auto (GStrv) names = g_listenv ();

  for (guint i = 0; names[i] != NULL; i++)
    if (!g_strv_contains (kept, names[i]))
      g_unsetenv (names[i]);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
}

int
main (int argc, char **argv)
{
  gboolean want_early = FALSE, want_recover = FALSE, want_open = FALSE, want_version = FALSE;
  const GOptionEntry entries[] = {
    { "early", 0, 0, G_OPTION_ARG_NONE, &want_early, "Lock before the network is up, without a bus and without /var", NULL },
    { "recover", 0, 0, G_OPTION_ARG_NONE, &want_recover, "Restore the computer without a running helper", NULL },
    { "open", 0, 0, G_OPTION_ARG_NONE, &want_open, "With --recover: remove the lock too", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &want_version, "Print the version", NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- the privileged helper of Adit");
  g_autoptr (GError) error = NULL;

  set_limits ();
  clear_environment ();
  adit_log_init ("aditd");
  (void) adit_log_keep ();
  if (!adit_crash_handler_install (ADIT_CRASH_HELPER, ADIT_BUILD_ID, -1, &error))
    {
      g_message ("%s", error->message);
      g_clear_error (&error);
    }
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc > 1 || (want_open && !want_recover) ||
      (want_early && want_recover))
    {
      g_printerr ("aditd: %s\n", error != NULL ? error->message : "unknown argument");
      return 2;
    }
  if (want_version)
    {
      g_print ("aditd %s\n", ADIT_VERSION);
      return 0;
    }
  if (geteuid () != 0)
    {
      g_printerr ("aditd: only root can run the helper\n");
      return 5;
    }
  if (want_early)
    return adit_early_run ();
  return want_recover ? adit_recover_run (want_open) : adit_helper_run ();
}
