/* SPDX-License-Identifier: GPL-2.0-or-later */
/* chip-box.h: what is on or open, each a button that leads to where it is set. */
#pragma once

#include <gtk/gtk.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_CHIP_BOX (adit_chip_box_get_type ())
G_DECLARE_FINAL_TYPE (AditChipBox, adit_chip_box, ADIT, CHIP_BOX, GtkWidget)

void adit_chip_box_set_mirror (AditChipBox *self, AditMirror *mirror);

G_END_DECLS
