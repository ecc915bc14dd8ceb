/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lossy-nft.h: libnftables between a test and the kernel, for a program that is linked with it. */
#pragma once

void         lossy_nft_lose         (const char *text);
unsigned int lossy_nft_get_listings (void);
