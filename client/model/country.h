/* SPDX-License-Identifier: GPL-2.0-or-later */
/* country.h: what a country is called, for services that only have its code. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *adit_country_get_name (const char *code);

G_END_DECLS
