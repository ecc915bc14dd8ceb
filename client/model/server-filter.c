/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server-filter.c: what a filter may be. */
#include "client/model/server-filter.h"

#include "client/base/field.h"

G_STATIC_ASSERT (sizeof (AditServerFilter) == 4 + 4 + 4 * 96 + 4 + 8 * 16);

/**
 * adit_server_filter_is_valid:
 * @self: a filter from elsewhere
 *
 * Returns: whether it is one, with nothing hidden in what is not used
 */
gboolean
adit_server_filter_is_valid (const AditServerFilter *self)
{
  if (self->ownership >= ADIT_N_OWNERSHIPS || self->only_with_ipv6 > 1 || self->n_hosting > ADIT_FILTER_MAX_HOSTING ||
      self->n_blocks > ADIT_FILTER_MAX_BLOCKS)
    return FALSE;
  for (guint i = 0; i < ADIT_FILTER_MAX_HOSTING; i++)
    if (i < self->n_hosting ? !adit_field_is_terminated (self->hosting[i], ADIT_NAME_MAX_BYTES) ||
                              !adit_name_is_valid (self->hosting[i])
                            : !adit_field_is_zero (self->hosting[i], ADIT_NAME_MAX_BYTES))
      return FALSE;
  for (guint i = 0; i < ADIT_FILTER_MAX_BLOCKS; i++)
    if (i < self->n_blocks ? !adit_field_is_terminated (self->blocks[i], ADIT_CODE_MAX_BYTES) ||
                             !adit_code_is_valid (self->blocks[i])
                           : !adit_field_is_zero (self->blocks[i], ADIT_CODE_MAX_BYTES))
      return FALSE;
  return TRUE;
}
