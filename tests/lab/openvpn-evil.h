/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-evil.h: what servers push that mean harm (rows P03 and P04 of the catalogue), and what it does to a bare openvpn. */
#pragma once

#include "tests/lab/openvpn-exit.h"

G_BEGIN_DECLS

#define ADIT_LAB_OVPN_RAN ADIT_LAB_OVPN_DIRECTORY "/ran"    /* exists when somebody ran a text that came from a server */

/* One evil thing.  Where the client goes: an address that the web server sees, "" for none, NULL as with an honest server. */
typedef struct
{
  const char        *name;
  const char *const *pushes;      /* (nullable) */
  const char        *way_out;     /* of a bare openvpn, by IPv4 */
  const char        *way_out6;    /* by IPv6 */
  const char        *refusal;     /* (nullable): what a bare openvpn says, which then does not connect */
  gboolean           is_silent;   /* nothing else is pushed */
} AditLabOvpnEvil;

extern const AditLabOvpnEvil adit_lab_ovpn_evils[];    /* ended by one without a name */

void  adit_lab_ovpn_evil_apply     (const AditLabOvpnEvil *self, AditLabOvpnServer *server);
char *adit_lab_ovpn_evil_dup_lines (const AditLabOvpnEvil *self);

G_END_DECLS
