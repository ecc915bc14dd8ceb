/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-read.h: an OpenVPN client's file, and the files that it names, into a profile; or why not, line by line. */
#pragma once

#include "client/model/import-report.h"
#include "client/model/openvpn-profile.h"

G_BEGIN_DECLS

AditOpenvpnProfile *adit_ovpn_read (const AditImportFile *file, const AditImportFile *others, guint n_others,
                                    AditImportReport *report);

G_END_DECLS
