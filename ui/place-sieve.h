/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-sieve.h: which of a service's servers there are to choose among, and how many of them each place has. */
#pragma once

#include "client/model/choice.h"
#include "ui/latencies.h"

G_BEGIN_DECLS

typedef enum { ADIT_PLACE_COUNTRY, ADIT_PLACE_CITY, ADIT_PLACE_SERVER, ADIT_PLACE_ANY } AditPlaceKind;

/* Of what kind, and where in the mapped list; of %ADIT_PLACE_ANY there is one. */
typedef struct { guint kind : 2, position : 30; } AditPlaceRow;

/* What is asked of a server, and from where it is looked at.  All zero: nothing, but that it takes WireGuard. */
typedef struct
{
  AditServerFilter filter;
  AditProtocol     protocol;
  gboolean         is_exit;     /* it is reached by way of another one */
  AditPick         pick;        /* of those that are left */
  gboolean         has_near;
  AditPosition     near;        /* where this computer is */
  AditLatencies   *latencies;   /* (nullable): of the same list */
} AditPlaceLook;

typedef struct _AditPlaceSieve AditPlaceSieve;

AditPlaceSieve *adit_place_sieve_new   (AditServerList *servers, const AditPlaceLook *look);
AditPlaceSieve *adit_place_sieve_ref   (AditPlaceSieve *self);
void            adit_place_sieve_unref (AditPlaceSieve *self);

AditServerList      *adit_place_sieve_get_servers (AditPlaceSieve *self);
const AditPlaceLook *adit_place_sieve_get_look    (AditPlaceSieve *self);
guint    adit_place_sieve_count       (AditPlaceSieve *self, AditPlaceRow row);
gint64   adit_place_sieve_measure_km  (AditPlaceSieve *self, const AditServerListCity *city);
gint     adit_place_sieve_get_ms      (AditPlaceSieve *self, AditPlaceRow row);
gboolean adit_place_sieve_find        (AditPlaceSieve *self, const AditPlace *place, AditPlaceRow *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditPlaceSieve, adit_place_sieve_unref)

G_END_DECLS
