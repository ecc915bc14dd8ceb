/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-sample.h: files as services and routers hand them out, with keys that are made anew each time. */
#pragma once

#include <glib.h>

typedef struct
{
  char *ca, *cert, *key, *old_key, *encrypted_key, *locked_key, *revoked, *static_key, *v2_key;
} OvpnSample;

typedef struct
{
  const char *name;
  const char *text;     /* with @CA@, @CERT@, @KEY@, @STATIC@ and so on in it */
  const char *notes;    /* the options that are left out with a note, in their order */
} OvpnService;

extern const OvpnService ovpn_services[];
extern const guint n_ovpn_services;

const OvpnSample *ovpn_sample_get  (void);
char             *ovpn_sample_fill (const char *text);
