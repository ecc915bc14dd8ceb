/* SPDX-License-Identifier: GPL-2.0-or-later */
/* application.h: the program behind the window. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What this program starts itself with, to become a browser for a network's own page; nobody types it. */
#define ADIT_WINDOW_PORTAL_OPTION "--become-portal-browser"

#define ADIT_TYPE_APPLICATION (adit_application_get_type ())
G_DECLARE_FINAL_TYPE (AditApplication, adit_application, ADIT, APPLICATION, AdwApplication)

AdwApplication *adit_application_new (void);

G_END_DECLS
