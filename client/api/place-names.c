/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-names.c: a country's name in the language of the person who looks, and the order in which that language has names. */
#include "config.h"
#include "client/api/place-names.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "client/model/country.h"

/**
 * adit_place_names_get_country:
 * @code: a country's code
 * @name: what its service calls it
 *
 * Returns: (transfer none): its name in the language of this person; @name where that is English, or nobody has translated it
 */
const char *
adit_place_names_get_country (const char *code, const char *name)
{
  const char *english = adit_country_get_name (code), *translated = english != NULL ? _ (english) : NULL;

  /* What has no translation comes back as it was given. */
  return translated != english ? translated : name;
}

typedef struct
{
  guint position;
  char *key;
} Sorted;

static int
compare (const void *a, const void *b)
{
  const Sorted *one = a, *other = b;
  int order = g_strcmp0 (one->key, other->key);

  return order != 0 ? order : (one->position > other->position) - (one->position < other->position);
}

/**
 * adit_place_names_order:
 * @names: (array length=n_names): names as they are shown
 * @n_names: how many; 0 is allowed
 *
 * Returns: (transfer full) (array length=n_names): the position in @names of what comes first, second and so on by the rules of
 *   this person's language
 */
guint *
adit_place_names_order (const char *const *names, guint n_names)
{
  g_autofree Sorted *sorted = g_new (Sorted, n_names);
  guint *order = g_new (guint, n_names);

  for (guint i = 0; i < n_names; i++)
    sorted[i] = (Sorted) { i, g_utf8_collate_key (names[i], -1) };
  if (n_names > 0)
    qsort (sorted, n_names, sizeof *sorted, compare);
  for (guint i = 0; i < n_names; i++)
    {
      order[i] = sorted[i].position;
      g_free (sorted[i].key);
    }
  return order;
}
