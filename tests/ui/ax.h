/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ax.h: reads and works the windows on a display as an assistive program does; what is not as demanded fails the test. */
#pragma once

#include "tests/ui/display.h"

G_BEGIN_DECLS

typedef struct _AditAx AditAx;
typedef struct { int x, y, width, height; } AditAxExtents;

AditAx  *adit_ax_new  (AditDisplay *display);
void     adit_ax_free (AditAx *self);
void     adit_ax_break (AditAx *self);

void     adit_ax_wait   (AditAx *self, const char *role, const char *name, guint max_ms);
void     adit_ax_gone   (AditAx *self, const char *role, const char *name, guint max_ms);
gboolean adit_ax_has    (AditAx *self, const char *role, const char *name);
void     adit_ax_press  (AditAx *self, const char *role, const char *name);
void     adit_ax_act    (AditAx *self, const char *role, const char *name, const char *action);
void     adit_ax_type   (AditAx *self, const char *role, const char *name, const char *text);
void     adit_ax_focus  (AditAx *self, const char *role, const char *name);
void     adit_ax_key    (AditAx *self, const char *key);
gboolean adit_ax_is     (AditAx *self, const char *role, const char *name, const char *state);
void     adit_ax_wait_is (AditAx *self, const char *role, const char *name, const char *state, gboolean is, guint max_ms);
guint    adit_ax_count  (AditAx *self, const char *role);
guint    adit_ax_count_windows (AditAx *self);
void     adit_ax_ask_beyond    (AditAx *self);
void     adit_ax_wait_windows  (AditAx *self, guint n, guint max_ms);
char    *adit_ax_dup_name       (AditAx *self, const char *role, const char *prefix);
char    *adit_ax_dup_text       (AditAx *self, const char *role, const char *name);
char    *adit_ax_dup_tree       (AditAx *self);
char    *adit_ax_dup_unlabelled (AditAx *self);
char    *adit_ax_dup_keyboard_faults (AditAx *self);
void     adit_ax_set_language   (AditAx *self, const char *catalogue);
void     adit_ax_listen (AditAx *self);
void     adit_ax_heard  (AditAx *self, const char *text, guint max_ms);
void     adit_ax_expect_labelled (AditAx *self);
AditAxExtents adit_ax_get_extents (AditAx *self, const char *role, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditAx, adit_ax_free)

G_END_DECLS
