/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-names.h: what places are called where a person reads it, and in which order; services name them in English. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *adit_place_names_get_country (const char *code, const char *name);
guint      *adit_place_names_order       (const char *const *names, guint n_names);

G_END_DECLS
