/* SPDX-License-Identifier: GPL-2.0-or-later */
/* importer.h: hands somebody's files to a worker that reads them, and takes what it makes of them, unread. */
#pragma once

#include <gio/gio.h>
#include "client/wire/wire.h"

G_BEGIN_DECLS

/* What a worker made of them.  The texts are secrets: wiped when freed. */
typedef struct
{
  AditProfileFacts facts[ADIT_IMPORT_MAX_PROFILES];
  gsize            text_bytes[ADIT_IMPORT_MAX_PROFILES];
  guint            n_profiles;
  guint8          *texts;       /* one behind the other */
  gsize            texts_bytes;
  int              lines_fd;    /* what is to be said, sealed; for the client alone */
} AditImported;

void adit_imported_free (AditImported *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditImported, adit_imported_free)

/* One server of an OpenVPN profile, or the tunnel of a WireGuard one. */
typedef struct
{
  AditWireServer server;
  gboolean       is_wireguard;
  AditWirePeers  peers;
} AditProfileServer;

void adit_profile_server_free (AditProfileServer *self);

#define ADIT_TYPE_IMPORTER (adit_importer_get_type ())
G_DECLARE_FINAL_TYPE (AditImporter, adit_importer, ADIT, IMPORTER, GObject)

AditImporter *adit_importer_new        (const char *program);
void          adit_importer_prepare    (AditImporter *self, const char *id);
void          adit_importer_dismiss    (AditImporter *self);
void          adit_importer_forget     (AditImporter *self, const char *id);
void          adit_importer_ask_async  (AditImporter *self, int files, GAsyncReadyCallback callback, gpointer user_data);
void          adit_importer_read_picture_async (AditImporter *self, int picture, GAsyncReadyCallback callback,
                                                gpointer user_data);
void          adit_importer_find_server_async  (AditImporter *self, const char *id, int profile, guint number,
                                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
const AditWireServer *adit_importer_get_known (AditImporter *self, const char *id, guint number);
AditProfileServer *adit_importer_find_server_finish (AditImporter *self, GAsyncResult *result, GError **error);
AditImported *adit_importer_ask_finish (AditImporter *self, GAsyncResult *result, GError **error);

G_END_DECLS
