/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host.h: another computer as a person's file names it: by address or by name, and a port. */
#pragma once

#include "client/base/host-name.h"
#include "client/model/address.h"

G_BEGIN_DECLS

typedef struct
{
  char        name[ADIT_HOST_NAME_MAX_BYTES];    /* "" where it is an address */
  AditAddress address;                           /* none where it is a name */
  guint16     port;                              /* host byte order */
} AditHost;

gboolean adit_host_set           (AditHost *self, const char *text, guint16 port);
gboolean adit_host_is_valid      (const AditHost *self);
gboolean adit_host_is_elsewhere  (const AditHost *self);
gboolean adit_host_equal         (const AditHost *a, const AditHost *b);
char    *adit_host_dup_text      (const AditHost *self);

G_END_DECLS
