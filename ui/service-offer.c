/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-offer.c: one row a service.  The pages are those to which each service's own programs lead. */
#include "config.h"
#include "ui/service-offer.h"

#include <glib/gi18n.h>

static const AditServiceOffer offers[] = {
  { .service = "mullvad", .number = N_("Account number"), .field = N_("Account number"),
    .hint = N_("The account number is all it takes. It is kept for root alone."),
    .makes_accounts = TRUE, .has_devices = TRUE, .has_vouchers = TRUE,
    .sign_up_at = "https://mullvad.net/account/", .account_at = "https://mullvad.net/account/",
    .devices_at = "https://mullvad.net/account/" },
  /* Its API neither lists devices nor makes accounts. */
  { .service = "ivpn", .number = N_("Account ID"), .field = N_("Account ID"),
    .hint = N_("The account ID is all it takes; it begins with i- or ivpn. It is kept for root alone."), .signs_all_out = TRUE,
    .sign_up_at = "https://www.ivpn.net/signup", .account_at = "https://www.ivpn.net/account",
    .devices_at = "https://www.ivpn.net/account/devices" },
  /* Nor does this one's, and it says nothing of time: its pages do. */
  { .service = "ovpn", .number = N_("User name"), .field = N_("Password"),
    .hint = N_("User name and password are all it takes. They are kept for root alone."),
    .sign_up_at = "https://www.ovpn.com/", .account_at = "https://www.ovpn.com/",
    .devices_at = "https://www.ovpn.com/account/wireguard/keys" },
  { .service = "mysterium", .number = NULL, .field = NULL,
    .hint = N_("One signs in on a page of the service's, which opens in your browser."),
    .sign_up_at = "https://app.mysteriumvpn.com/", .account_at = "https://app.mysteriumvpn.com/",
    .devices_at = "https://app.mysteriumvpn.com/" },
};

/**
 * adit_service_offer_find:
 * @service: a service's id
 *
 * Returns: (transfer none): its row; for a service that only a newer helper knows one with which nothing can be done
 */
const AditServiceOffer *
adit_service_offer_find (const char *service)
{
  static const AditServiceOffer nothing = { .service = "", .hint = "" };

  for (gsize i = 0; i < G_N_ELEMENTS (offers); i++)
    if (g_str_equal (offers[i].service, service))
      return &offers[i];
  return &nothing;
}
