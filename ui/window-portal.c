/* SPDX-License-Identifier: GPL-2.0-or-later */
/* window-portal.c: the page of a network that lets nobody through who has not seen it. */
#include "config.h"
#include "ui/window-private.h"

#include <glib/gi18n.h>

#include "client/api/portal-browser.h"
#include "ui/application.h"
#include "ui/message-dialog.h"
#include "ui/trouble.h"

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!adit_mirror_open_portal_finish (ADIT_MIRROR (source), result, &error) && self->mirror != NULL)
    adit_trouble_tell (GTK_WIDGET (self), error);
}

static void
tell_no_browser (AditWindow *self)
{
  AdwMessageDialog *dialog = adit_message_dialog_new (GTK_WINDOW (self), _("No browser was found that can show it alone."), NULL);

  /* Translators: Web, Chromium and Firefox are programs, "adit portal PROGRAM" is typed at a terminal */
  adw_message_dialog_set_body (dialog, _("Install Web, Chromium or Firefox, or name one at a terminal:\nadit portal PROGRAM"));
  adw_message_dialog_add_response (dialog, "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * adit_window_show_portal:
 * @self: a window
 *
 * Lets one browser, and nothing else, through to this network's router.
 */
void
adit_window_show_portal (AditWindow *self)
{
  g_auto (GStrv) command = adit_portal_browser_make_command (NULL, "");

  if (command == NULL)
    tell_no_browser (self);
  else
    adit_mirror_open_portal_async (self->mirror, ADIT_WINDOW_PORTAL_OPTION, on_opened, g_object_ref (self));
}
