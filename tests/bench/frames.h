/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frames.h: what the frames of a window take, layout and drawing, for a program that measures itself. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void bench_frames_watch (GtkWidget *widget);
void bench_frames_print (void);

G_END_DECLS
