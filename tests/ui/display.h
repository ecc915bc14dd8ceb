/* SPDX-License-Identifier: GPL-2.0-or-later */
/* display.h: a screen, a session bus and accessibility for Alice in the lab's world, and one program with windows on it. */
#pragma once

#include "tests/lab/world.h"

G_BEGIN_DECLS

typedef struct _AditDisplay AditDisplay;

const char  *adit_display_get_missing (void);
AditDisplay *adit_display_new  (AditWorld *world, guint width, guint height);
void         adit_display_free (AditDisplay *self);

void         adit_display_set_variable (AditDisplay *self, const char *name, const char *value);
void         adit_display_make_locale  (AditDisplay *self, const char *locale);
char        *adit_display_install_catalogue (AditDisplay *self, const char *language, const char *po);

GSubprocess *adit_display_spawn         (AditDisplay *self, const char *const *argv, GSubprocessFlags flags);
AditLabResult *adit_display_run         (AditDisplay *self, const char *const *argv);
void         adit_display_start_program (AditDisplay *self, const char *const *argv);
void         adit_display_stop_program  (AditDisplay *self);
gboolean     adit_display_wait_ended    (AditDisplay *self, guint max_ms);
char        *adit_display_dup_output    (AditDisplay *self);
char        *adit_display_find_warning  (AditDisplay *self);
void         adit_display_expect_quiet  (AditDisplay *self);

guint        adit_display_count_frames (AditDisplay *self, guint x, guint y, guint width, guint height);
guint        adit_display_shoot  (AditDisplay *self, const char *name);
void         adit_display_resize (AditDisplay *self, guint width, guint height);
void         adit_display_resize_all (AditDisplay *self, guint width, guint height);
void         adit_display_look_beside (AditDisplay *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditDisplay, adit_display_free)

G_END_DECLS
