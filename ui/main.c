/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main.c: adit-gtk. */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "build-id.h"
#include "client/api/portal-browser.h"
#include "client/base/fault.h"
#include "client/report/crash-place.h"
#include "client/report/modules.h"
#include "ui/application.h"

/* Once what GTK loads as it starts is there: back ends, input methods, readers of pictures. */
static void
on_activate (void)
{
  adit_modules_refresh ();
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = NULL;

  /* Not undumpable: the desktop's portals tell by /proc who asks them, and refuse whom they cannot look at. */
  adit_crash_place_forbid_cores ();
  (void) adit_crash_place_install ("adit-gtk", ADIT_BUILD_ID, NULL);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, ADIT_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (argc == 2 && strcmp (argv[1], "--version") == 0)
    {
      g_print ("adit-gtk %s (%s)\n", ADIT_VERSION, ADIT_BUILD_ID);
      return 0;
    }
  if (argc == 2 && strcmp (argv[1], ADIT_WINDOW_PORTAL_OPTION) == 0)
    return adit_portal_browser_wait (STDIN_FILENO);
  application = adit_application_new ();
  ADIT_CRASH_ON_SIGNAL ("adit-gtk");
  g_signal_connect_after (application, "activate", G_CALLBACK (on_activate), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
