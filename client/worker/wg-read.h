/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-read.h: a WireGuard file, as wg and wg-quick read it, into a profile; or why not, line by line. */
#pragma once

#include "client/model/import-report.h"
#include "client/model/wireguard-profile.h"

G_BEGIN_DECLS

AditWireguardProfile *adit_wg_read (const AditImportFile *file, AditImportReport *report);

G_END_DECLS
