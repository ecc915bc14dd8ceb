/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft.h: the lock in nftables. */
#pragma once

#include "platform/firewall.h"

G_BEGIN_DECLS

#define ADIT_TYPE_NFT_FIREWALL (adit_nft_firewall_get_type ())
G_DECLARE_FINAL_TYPE (AditNftFirewall, adit_nft_firewall, ADIT, NFT_FIREWALL, GObject)

AditFirewall *adit_nft_firewall_new (void);

G_END_DECLS
