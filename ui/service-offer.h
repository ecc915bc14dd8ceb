/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-offer.h: what a person can do about an account at each service: here, or on a page of the service's. */
#pragma once

#include "client/model/service.h"

G_BEGIN_DECLS

typedef struct
{
  const char *service;
  const char *number;           /* what stands for the account, as a title, untranslated; NULL: nothing that could be shown */
  const char *field;            /* what is typed last to sign in, as a title, untranslated */
  const char *hint;             /* what it takes to sign in, untranslated */
  gboolean    makes_accounts, has_devices, has_vouchers;
  gboolean    signs_all_out;    /* when there are too many devices */
  const char *sign_up_at, *account_at, *devices_at;    /* pages */
} AditServiceOffer;

const AditServiceOffer *adit_service_offer_find (const char *service);

G_END_DECLS
