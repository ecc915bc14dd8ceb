/* SPDX-License-Identifier: GPL-2.0-or-later */
/* names.h: what the helper is called on the bus. */
#pragma once

#define ADIT_DBUS_NAME      "org.aditvpn.Adit1"
#define ADIT_DBUS_PATH      "/org/aditvpn/Adit1"
#define ADIT_DBUS_INTERFACE "org.aditvpn.Adit1"
#define ADIT_DBUS_ERROR     ADIT_DBUS_NAME ".Error."

#define ADIT_ACTION_READ         "org.aditvpn.Adit1.read"
#define ADIT_ACTION_ACCOUNT      "org.aditvpn.Adit1.account"
#define ADIT_ACTION_CONNECT      "org.aditvpn.Adit1.connect"
#define ADIT_ACTION_RAISE        "org.aditvpn.Adit1.raise-protection"
#define ADIT_ACTION_LOWER        "org.aditvpn.Adit1.lower-protection"
#define ADIT_ACTION_WIDEN        "org.aditvpn.Adit1.reach-beside"
#define ADIT_ACTION_KEEP         "org.aditvpn.Adit1.keep-session"
#define ADIT_ACTION_EXPORT       "org.aditvpn.Adit1.export"
#define ADIT_ACTION_REVEAL       "org.aditvpn.Adit1.reveal"
#define ADIT_ACTION_REPORT       "org.aditvpn.Adit1.report"
#define ADIT_ACTION_OTHERS       "org.aditvpn.Adit1.act-for-others"
