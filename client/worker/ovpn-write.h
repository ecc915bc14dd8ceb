/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-write.h: what openvpn is told: a profile, one of its servers, and what is always the same. */
#pragma once

#include "client/base/secret.h"
#include "client/model/openvpn-profile.h"

G_BEGIN_DECLS

typedef struct
{
  guint       remote;             /* which of the profile's */
  AditAddress remote_address;     /* what it was looked up to be, or is; behind a proxy, too */
  AditAddress proxy_address;      /* none where there is no proxy */
  const char *device;             /* the name of a tun device that there is */
  const char *management_path;    /* of a Unix socket, absolute */
  gboolean    management_connect; /* openvpn connects to it, instead of listening there */
} AditOvpnLaunch;

AditSecret *adit_ovpn_write (const AditOpenvpnProfile *profile, const AditOvpnLaunch *launch, GError **error);

G_END_DECLS
