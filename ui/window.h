/* SPDX-License-Identifier: GPL-2.0-or-later */
/* window.h: the one window: places beside the home page, or behind it where it is narrow. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_WINDOW (adit_window_get_type ())
G_DECLARE_FINAL_TYPE (AditWindow, adit_window, ADIT, WINDOW, AdwApplicationWindow)

typedef enum
{
  ADIT_WINDOW_WANT_NOTHING = 0,
  ADIT_WINDOW_WANT_CONNECTED,
  ADIT_WINDOW_WANT_DISCONNECTED,
  ADIT_WINDOW_WANT_TOGGLED,
  ADIT_WINDOW_WANT_PLACE,    /* of adit_window_go() */
} AditWindowWant;

GtkWindow *adit_window_new    (AdwApplication *application, AditMirror *mirror);
void       adit_window_import (AditWindow *self, const char *const *paths);
void       adit_window_want   (AditWindow *self, AditWindowWant want);
void       adit_window_go     (AditWindow *self, const AditPlace *place);
void       adit_window_search (AditWindow *self, const char *text);
void       adit_window_show_report (AditWindow *self, const char *id);

G_END_DECLS
