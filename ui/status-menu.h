/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status-menu.h: the menu of the item beside the clock. */
#pragma once

#include "ui/look.h"
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_STATUS_MENU_PATH "/StatusNotifierMenu"

#define ADIT_TYPE_STATUS_MENU (adit_status_menu_get_type ())
G_DECLARE_FINAL_TYPE (AditStatusMenu, adit_status_menu, ADIT, STATUS_MENU, GObject)

AditStatusMenu *adit_status_menu_new    (GApplication *application, AditMirror *mirror);
void            adit_status_menu_show   (AditStatusMenu *self, const AditLook *look);
void            adit_status_menu_export (AditStatusMenu *self, GDBusConnection *bus);
void            adit_status_menu_hide   (AditStatusMenu *self);

G_END_DECLS
