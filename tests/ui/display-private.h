/* SPDX-License-Identifier: GPL-2.0-or-later */
/* display-private.h: what the files of the display share with each other. */
#pragma once

#include "tests/ui/display.h"

G_BEGIN_DECLS

/* Its only screen, as Xvfb keeps it. */
#define ADIT_DISPLAY_MEMORY     "/run/adit-display/Xvfb_screen0"
/* No picture shows what is right of it, but those of menus.  Where a page comes beside another one while a menu is open, GTK 4.8
 * asks for a moment for a monitor behind the place at which the menu's button was, plus the page's width, and complains where
 * there is none. */
#define ADIT_DISPLAY_BESIDE     320

struct _AditDisplay
{
  AditWorld   *world;
  GStrv        environment;
  GSubprocess *screen, *bus, *program;
  guint        width, height;    /* of a picture */
};

GSubprocess *adit_display_launch (AditDisplay *self, GSubprocessLauncher *launcher, const char *const *argv);
void         adit_display_end    (GSubprocess **process);

G_END_DECLS
