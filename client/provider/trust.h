/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trust.h: the roots that ship with the adapters, one file a service, in PEM. */
#pragma once

extern const char adit_trust_mullvad_pem[];
