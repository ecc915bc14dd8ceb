/* SPDX-License-Identifier: GPL-2.0-or-later */
/* demo-window.h: the demo on somebody's own screen: the real window in the lab's world, until it is closed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DemoScreen DemoScreen;

DemoScreen *demo_screen_find (void);
void        demo_screen_free (DemoScreen *self);
int         demo_window_run  (DemoScreen *screen);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoScreen, demo_screen_free)

G_END_DECLS
