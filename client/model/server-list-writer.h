/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server-list-writer.h: makes the flat form of a service's relays.  It sorts countries and cities by name, servers by name, and
 * drops nothing: it answers FALSE for a row that breaks the form, and the caller skips that row. */
#pragma once

#include "client/model/server-list.h"

G_BEGIN_DECLS

typedef struct _AditServerListWriter AditServerListWriter;

AditServerListWriter *adit_server_list_writer_new  (const AditServerListHead *head);
void                  adit_server_list_writer_free (AditServerListWriter *self);
gboolean              adit_server_list_writer_add  (AditServerListWriter *self, const AditLocation *location,
                                                    gint32 latitude_e6, gint32 longitude_e6,
                                                    const AditServerListServer *server);
GBytes               *adit_server_list_writer_finish (AditServerListWriter *self);    /* takes the writer */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditServerListWriter, adit_server_list_writer_free)

G_END_DECLS
