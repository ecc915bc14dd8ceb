/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main.c: adit-gtk. */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "build-id.h"
#include "client/api/portal-browser.h"
#include "ui/application.h"

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = NULL;

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
  return g_application_run (G_APPLICATION (application), argc, argv);
}
