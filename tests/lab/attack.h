/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attack.h: rows of the catalogue that are counted in attempts instead of packets, again in two halves: with the protection
 * nothing is obeyed, and without it the same look sees that it is. */
#pragma once

#include <glib.h>
#include "tests/lab/world.h"

G_BEGIN_DECLS

typedef struct _AditAttack AditAttack;

typedef struct
{
  const char *id;       /* the catalogue's, or one of ours beside it */
  const char *title;
  void      (*run) (AditAttack *attack);
} AditAttackRow;

int        adit_attack_main        (int argc, char **argv, AditWorldFlags flags, const AditAttackRow *rows, gsize n_rows);
AditWorld *adit_attack_get_world   (AditAttack *self);
void       adit_attack_count       (AditAttack *self, guint n_tried);
void       adit_attack_expect_refused (AditAttack *self, gboolean refused, const char *format, ...) G_GNUC_PRINTF (3, 4);
void       adit_attack_expect_obeyed  (AditAttack *self, gboolean obeyed, const char *format, ...) G_GNUC_PRINTF (3, 4);
void       adit_attack_rest        (AditAttack *self);

/* What rows look at. */
int        adit_attack_find_helper (void);
int        adit_attack_find_child  (const char *program);
char      *adit_attack_dup_picture  (AditAttack *self);
gsize      adit_attack_read_memory  (int pid);
guint      adit_attack_count_descriptors (int pid);

G_END_DECLS
