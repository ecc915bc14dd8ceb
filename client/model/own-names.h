/* SPDX-License-Identifier: GPL-2.0-or-later */
/* own-names.h: what countries and cities are called by those who live there, so that a search finds "Sverige" and "Wien". */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *adit_own_names_find_country (const char *code);
const char *adit_own_names_find_city    (const char *country_code, const char *city);
gboolean    adit_own_names_has          (const char *names, const char *folded);

G_END_DECLS
