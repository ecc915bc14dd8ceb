/* SPDX-License-Identifier: GPL-2.0-or-later */
/* modem.h: a modem for the real NetworkManager: a stand-in for ModemManager, whose data port is a real device of the client. */
#pragma once

#include "tests/lab/world.h"

G_BEGIN_DECLS

#define MODEM_PORT    "cdc-wdm0"    /* its control port, by which NetworkManager calls the device */
#define MODEM_CLIENT  "wwan0"       /* its data port */
#define MODEM_CARRIER "cell0"       /* the other end, in the namespace "router": what comes in by the air */
#define MODEM_APN     "internet.lab.example"    /* that of the profile, as modem_add_profile() makes it */

/* How it has joined: MMModemAccessTechnology, ModemManager-enums.h. */
#define MODEM_EDGE (1u << 4)
#define MODEM_LTE  (1u << 14)

typedef struct
{
  const char *sim;         /* the card's number (ICCID) */
  const char *operator;    /* MCC and MNC of whose network it has joined */
  guint32     technology;
} ModemCarrier;

typedef struct _Modem Modem;

Modem *modem_new            (AditWorld *world);
void   modem_free           (Modem *self);
void   modem_add_profile    (Modem *self);
void   modem_plug_in        (Modem *self, const ModemCarrier *carrier);
void   modem_take_out       (Modem *self);
void   modem_set_covered    (Modem *self, gboolean is_covered);
void   modem_set_technology (Modem *self, guint32 technology);
void   modem_wait_active    (Modem *self, gboolean wanted);

G_END_DECLS
