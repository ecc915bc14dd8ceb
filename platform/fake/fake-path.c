/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake-path.c: a computer on which nothing can be sent; for unit tests only. */
#include "platform/path.h"

AditPathProbe *
adit_path_probe_new (const AditAddress *resolver, guint packet_bytes, AditPathTold told, gpointer user_data)
{
  return NULL;
}

void
adit_path_probe_free (AditPathProbe *self)
{
}
