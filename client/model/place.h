/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place.h: where somebody wants to leave from (codes), and where a relay is (codes with the names people read). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ADIT_CODE_MAX_BYTES   16    /* country or city code with its end; the longest in use is 3 */
#define ADIT_SERVER_MAX_BYTES 64    /* one DNS label and its end: RFC 1035, 2.3.4 */
#define ADIT_NAME_MAX_BYTES   96    /* a country's or city's name in UTF-8 with its end; the longest in use is 34 */

/* A wish.  Empty strings mean "any"; a city needs its country, a server stands alone or with both. */
typedef struct
{
  char country[ADIT_CODE_MAX_BYTES];
  char city[ADIT_CODE_MAX_BYTES];
  char server[ADIT_SERVER_MAX_BYTES];
} AditPlace;

/* A fact about one relay. */
typedef struct
{
  AditPlace place;
  char      country_name[ADIT_NAME_MAX_BYTES];
  char      city_name[ADIT_NAME_MAX_BYTES];
} AditLocation;

gboolean adit_code_is_valid   (const char *code);
gboolean adit_server_is_valid (const char *server);
gboolean adit_name_is_valid   (const char *name);
gboolean adit_place_is_valid  (const AditPlace *self);
gboolean adit_place_is_any    (const AditPlace *self);
gboolean adit_place_equal     (const AditPlace *a, const AditPlace *b);
gboolean adit_place_set       (AditPlace *self, const char *country, const char *city, const char *server);
char    *adit_place_dup_text  (const AditPlace *self);
gboolean adit_location_is_valid (const AditLocation *self);

G_END_DECLS
