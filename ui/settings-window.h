/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings-window.h: what holds for every connection, on pages of its own. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_SETTINGS_WINDOW (adit_settings_window_get_type ())
G_DECLARE_FINAL_TYPE (AditSettingsWindow, adit_settings_window, ADIT, SETTINGS_WINDOW, AdwPreferencesWindow)

GtkWindow *adit_settings_window_new  (GtkWindow *parent, AditMirror *mirror);
void       adit_settings_window_show (AditSettingsWindow *self, const char *name);

G_END_DECLS
