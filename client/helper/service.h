/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service.h: org.aditvpn.Adit1 on the bus: from a method to the session, and from the session to who may know. */
#pragma once

#include <gio/gio.h>
#include "client/core/session.h"
#include "client/helper/answers.h"
#include "client/helper/authorizer.h"
#include "client/helper/confirm.h"
#include "client/helper/importer.h"
#include "client/helper/openvpn-tunnel.h"
#include "client/helper/kept.h"
#include "client/helper/known.h"
#include "client/helper/names.h"
#include "client/helper/portal.h"
#include "client/helper/profiles.h"
#include "client/helper/reports.h"
#include "client/helper/rotation.h"
#include "client/helper/source.h"
#include "client/helper/store.h"
#include "client/helper/vault.h"
#include "client/helper/worker-proxy.h"

G_BEGIN_DECLS

/* What the service works with; all of it outlives the service. */
typedef struct
{
  GDBusConnection *bus;
  AditPlatform    *platform;
  AditStore       *store;
  AditVault       *vault;
  AditWorkerProxy *proxy;
  AditSession     *session;
  AditAuthorizer  *authorizer;
  AditConfirm     *confirm;
  AditConfirm     *pause;        /* until when the session is paused */
  AditKept        *kept;
  AditProfiles    *profiles;
  AditImporter    *importer;
  AditAnswers     *answers;
  AditNames       *names;
  AditRotation    *rotation;
  AditTunnel      *openvpn;      /* borrowed from the platform */
  AditChoice      *choice;       /* as it is set; the source reads it at each try */
  AditSource      *source;
  AditKnown       *known;
  AditAutoConnect *auto_connect; /* as it is set */
  AditPortal      *portal;
  AditReports     *reports;
} AditServiceParts;

typedef struct _AditBusService AditBusService;

AditBusService *adit_bus_service_new  (const AditServiceParts *parts, GError **error);
void            adit_bus_service_free (AditBusService *self);
void            adit_bus_service_gather (AditReportMaterial *material, AditSpoolKind kind, guint32 owner_uid, GPtrArray *lines,
                                         gpointer service);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditBusService, adit_bus_service_free)

G_END_DECLS
