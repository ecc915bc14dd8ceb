/* SPDX-License-Identifier: GPL-2.0-or-later */
/* errors.c: one name an error, on the bus behind our prefix and in JSON without it; they are never renamed. */
#include "client/api/errors.h"

#include "client/api/names.h"

static const char *const nicks[ADIT_N_ERRORS] = {
  [ADIT_ERROR_FAILED] = "Failed",
  [ADIT_ERROR_INVALID_ARGUMENT] = "InvalidArgument",
  [ADIT_ERROR_NOT_ALLOWED] = "NotAllowed",
  [ADIT_ERROR_BUSY] = "Busy",
  [ADIT_ERROR_NO_ACCOUNT] = "NoAccount",
  [ADIT_ERROR_NO_SUCH_PLACE] = "NoSuchPlace",
  [ADIT_ERROR_NO_ENTRY_BY_TCP] = "NoEntryByTcp",
  [ADIT_ERROR_FILTERED] = "Filtered",
  [ADIT_ERROR_NO_SUCH_SERVICE] = "NoSuchService",
  [ADIT_ERROR_NO_CODE] = "NoCode",
  [ADIT_ERROR_CREDENTIAL_MALFORMED] = "CredentialMalformed",
  [ADIT_ERROR_CREDENTIAL_REFUSED] = "CredentialRefused",
  [ADIT_ERROR_SIGN_IN_ENDED] = "SignInEnded",
  [ADIT_ERROR_ACCOUNT_EXPIRED] = "AccountExpired",
  [ADIT_ERROR_TOO_MANY_DEVICES] = "TooManyDevices",
  [ADIT_ERROR_DEVICE_REVOKED] = "DeviceRevoked",
  [ADIT_ERROR_KEY_REFUSED] = "KeyRefused",
  [ADIT_ERROR_VOUCHER_REFUSED] = "VoucherRefused",
  [ADIT_ERROR_VOUCHER_USED] = "VoucherUsed",
  [ADIT_ERROR_KEY_LOST] = "KeyLost",
  [ADIT_ERROR_SERVICE_UNREACHABLE] = "ServiceUnreachable",
  [ADIT_ERROR_SERVICE_UNTRUSTED] = "ServiceUntrusted",
  [ADIT_ERROR_WRONG_CLOCK] = "WrongClock",
  [ADIT_ERROR_SERVICE_NONSENSE] = "ServiceNonsense",
  [ADIT_ERROR_SERVICE_FAILED] = "ServiceFailed",
  [ADIT_ERROR_TOO_MANY_REQUESTS] = "TooManyRequests",
  [ADIT_ERROR_NOT_UNDERSTOOD] = "NotUnderstood",
  [ADIT_ERROR_SERVICE_REFUSED] = "ServiceRefused",
  [ADIT_ERROR_WORKER_FAILED] = "WorkerFailed",
  [ADIT_ERROR_TUNNEL_FAILED] = "TunnelFailed",
  [ADIT_ERROR_NO_WIREGUARD] = "NoWireGuard",
  [ADIT_ERROR_NO_OPENVPN] = "NoOpenVpn",
  [ADIT_ERROR_LOGIN_REFUSED] = "LoginRefused",
  [ADIT_ERROR_ANSWER_NEEDED] = "AnswerNeeded",
  [ADIT_ERROR_NO_HANDSHAKE] = "NoHandshake",
  [ADIT_ERROR_OFFLINE] = "Offline",
  [ADIT_ERROR_DNS_FAILED] = "DnsFailed",
  [ADIT_ERROR_LOCK_FAILED] = "LockFailed",
  [ADIT_ERROR_STORE_FAILED] = "StoreFailed",
  [ADIT_ERROR_TRUST_UNUSABLE] = "TrustUnusable",
  [ADIT_ERROR_NEWER_FORMAT] = "NewerFormat",
  [ADIT_ERROR_TIMED_OUT] = "TimedOut",
  [ADIT_ERROR_HELPER_UNREACHABLE] = "HelperUnreachable",
  [ADIT_ERROR_OTHER_HELPER] = "OtherHelper",
  [ADIT_ERROR_OTHER_VERSION] = "OtherVersion",
  [ADIT_ERROR_FALSE_HELPER] = "FalseHelper",
  [ADIT_ERROR_WOULD_CUT_OFF] = "WouldCutOff",
  [ADIT_ERROR_NO_REPORT] = "NoReport",
  [ADIT_ERROR_NO_REPORT_SERVER] = "NoReportServer",
  [ADIT_ERROR_REPORT_SERVER_MALFORMED] = "ReportServerMalformed",
  [ADIT_ERROR_TOO_MANY_REPORTS] = "TooManyReports",
};

/**
 * adit_errors_register:
 *
 * Makes GDBus turn our errors into bus names and back.  Called once, early, by every program that speaks or answers.
 */
void
adit_errors_register (void)
{
  for (gint code = 0; code < ADIT_N_ERRORS; code++)
    {
      g_autofree char *name = g_strconcat (ADIT_DBUS_ERROR, nicks[code], NULL);

      g_dbus_error_register_error (ADIT_ERROR, code, name);
    }
}

/**
 * adit_error_get_nick:
 * @code: an error's code
 *
 * Returns: (transfer none): for instance "AccountExpired"; "Failed" for a number that is no code
 */
const char *
adit_error_get_nick (AditError code)
{
  return (guint) code < ADIT_N_ERRORS ? nicks[code] : nicks[ADIT_ERROR_FAILED];
}

/**
 * adit_error_get_name:
 * @error: any error
 *
 * Returns: (transfer none): its nick; "Failed" for an error of another domain
 */
const char *
adit_error_get_name (const GError *error)
{
  return adit_error_get_nick (error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED);
}

/**
 * adit_error_from_nick:
 * @nick: (nullable): a nick
 * @code: (out): its code; untouched on failure
 *
 * Returns: whether there is such an error
 */
gboolean
adit_error_from_nick (const char *nick, AditError *code)
{
  for (gint i = 0; i < ADIT_N_ERRORS; i++)
    if (g_strcmp0 (nicks[i], nick) == 0)
      {
        *code = (AditError) i;
        return TRUE;
      }
  return FALSE;
}
