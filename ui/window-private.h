/* SPDX-License-Identifier: GPL-2.0-or-later */
/* window-private.h: what window.c shows and window-actions.c acts upon. */
#pragma once

#include "ui/banner.h"
#include "ui/home-page.h"
#include "ui/places-page.h"
#include "ui/sign-in-page.h"
#include "ui/window.h"

G_BEGIN_DECLS

struct _AditWindow
{
  AdwApplicationWindow parent_instance;
  AditMirror     *mirror;
  AdwLeaflet     *leaflet;
  AditPlacesPage *places;
  GtkWidget      *separator;
  AdwHeaderBar   *header;
  AditBanner     *banner;
  GtkStack       *stack;
  AditHomePage   *home;
  AditSignInPage *sign_in;    /* (nullable): made when somebody has to sign in */
};

void adit_window_install_actions (GtkWidgetClass *widget_class);
void adit_window_enable_actions  (AditWindow *self);

G_END_DECLS
