/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain.c: the one table of words for command line and window: what happened, then what can be done.  Never a code alone, never
 * blame. */
#include "config.h"
#include "client/api/explain.h"

#include <glib/gi18n-lib.h>

/* Exit codes of the command line; they are never renumbered. */
enum
{
  EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_UNREACHABLE = 3, EXIT_NO_SUCH = 4, EXIT_NOT_ALLOWED = 5, EXIT_CREDENTIAL = 6,
  EXIT_NO_TIME = 7, EXIT_TOO_MANY_DEVICES = 8, EXIT_SERVICE = 9, EXIT_TUNNEL = 10, EXIT_LOCK = 11, EXIT_TIMED_OUT = 12,
  EXIT_OTHER = 13,
};

static const struct { int exit_code; const char *what, *remedy, *command; } errors[ADIT_N_ERRORS] = {
  [ADIT_ERROR_FAILED] = { EXIT_FAILED, N_("Something went wrong."), N_("Try again; the log of the helper says more.") },
  [ADIT_ERROR_INVALID_ARGUMENT] = { EXIT_USAGE, N_("That request makes no sense."), N_("Look at the help."), "adit --help" },
  [ADIT_ERROR_NOT_ALLOWED] = { EXIT_NOT_ALLOWED, N_("You are not allowed to do that."),
                               N_("Ask the person who administers this computer.") },
  [ADIT_ERROR_BUSY] = { EXIT_FAILED, N_("That is in use or being done already."), N_("Wait a moment, or disconnect first.") },
  [ADIT_ERROR_NO_ACCOUNT] = { EXIT_NO_SUCH, N_("Nobody is signed in."), N_("Sign in first."), "adit login SERVICE" },
  [ADIT_ERROR_NO_SUCH_PLACE] = { EXIT_NO_SUCH, N_("There is no server in that place."),
                                 N_("Choose another place."), "adit locations" },
  [ADIT_ERROR_NO_ENTRY_BY_TCP] = { EXIT_NO_SUCH,
                                   N_("At this service, in at one place and out at another goes by UDP alone."),
                                   N_("Connect by WireGuard or by OpenVPN over UDP, or without a place to enter by."),
                                   "adit connect --tunnel openvpn-udp --entry PLACE PLACE" },
  [ADIT_ERROR_FILTERED] = { EXIT_NO_SUCH, N_("What you ask of a server leaves none in that place."),
                            N_("Ask for less, or choose another place."), "adit settings" },
  [ADIT_ERROR_NO_SUCH_SERVICE] = { EXIT_NO_SUCH, N_("Adit does not know that service."),
                                   N_("Choose one that it knows."), "adit login --help" },
  [ADIT_ERROR_NO_CODE] = { EXIT_FAILED, N_("No QR code was found in that picture."),
                           N_("Choose a PNG or JPEG picture that shows the whole code, straight and sharp.") },
  [ADIT_ERROR_CREDENTIAL_MALFORMED] = { EXIT_CREDENTIAL, N_("That cannot be an account of this service; nothing was sent."),
                                        N_("Check it for missing or extra characters and type it again.") },
  [ADIT_ERROR_CREDENTIAL_REFUSED] = { EXIT_CREDENTIAL, N_("The service does not accept what was given to sign in."),
                                      N_("Check each character of it, capital letters as well, and type it again.") },
  [ADIT_ERROR_SIGN_IN_ENDED] = { EXIT_CREDENTIAL, N_("The service has ended this sign-in."), N_("Sign in again."),
                                 "adit login SERVICE" },
  [ADIT_ERROR_ACCOUNT_EXPIRED] = { EXIT_NO_TIME, N_("Your account has no time left."), N_("Add time, then connect again.") },
  [ADIT_ERROR_TOO_MANY_DEVICES] = { EXIT_TOO_MANY_DEVICES, N_("The account is used on as many devices as it allows."),
                                    N_("Remove one on the service's site or on another device, then sign in again.") },
  [ADIT_ERROR_DEVICE_REVOKED] = { EXIT_CREDENTIAL, N_("The service no longer knows this computer."),
                                  N_("Sign out and in again."), "adit logout" },
  [ADIT_ERROR_KEY_REFUSED] = { EXIT_CREDENTIAL, N_("The service does not accept this computer's key."),
                               N_("Sign out and in again, which makes a new one."), "adit logout" },
  [ADIT_ERROR_VOUCHER_REFUSED] = { EXIT_CREDENTIAL, N_("The service does not know this voucher."),
                                   N_("Check each character of it and type it again.") },
  [ADIT_ERROR_VOUCHER_USED] = { EXIT_CREDENTIAL, N_("This voucher has been used already."),
                                N_("Look whether its time is on your account; otherwise use another one."), "adit account show" },
  [ADIT_ERROR_KEY_LOST] = { EXIT_CREDENTIAL,
                            N_("The service does not take this computer's key, and has not been given a new one."),
                            N_("Let it have one."), "adit account rotate-key" },
  [ADIT_ERROR_SERVICE_UNREACHABLE] = { EXIT_SERVICE, N_("The service cannot be reached."),
                                       N_("Check that this computer is online; some networks block the service.") },
  [ADIT_ERROR_SERVICE_UNTRUSTED] = { EXIT_SERVICE, N_("Something else answers in place of the service."),
                                     N_("This network may be listening in, or want you to sign in to it. Try another one.") },
  [ADIT_ERROR_WRONG_CLOCK] = { EXIT_SERVICE, N_("This computer's clock is wrong, so nothing can be trusted or connected."),
                               N_("Set the clock; while blocked nobody on the network can be asked for the time.") },
  [ADIT_ERROR_SERVICE_NONSENSE] = { EXIT_SERVICE, N_("The service answered in a way that Adit does not understand."),
                                    N_("Try again later, or look for a newer version of Adit.") },
  [ADIT_ERROR_SERVICE_FAILED] = { EXIT_SERVICE, N_("The service has a fault of its own at the moment."),
                                  N_("Nothing is wrong here; try again in a few minutes.") },
  [ADIT_ERROR_TOO_MANY_REQUESTS] = { EXIT_SERVICE, N_("The service was asked too often."),
                                     N_("Wait some minutes, then try again once.") },
  [ADIT_ERROR_NOT_UNDERSTOOD] = { EXIT_SERVICE, N_("The service did not understand what Adit asked of it."),
                                  N_("Look for a newer version of Adit.") },
  [ADIT_ERROR_SERVICE_REFUSED] = { EXIT_SERVICE, N_("The service refused."),
                                   N_("Its own words are shown with this; its support can say more.") },
  [ADIT_ERROR_WORKER_FAILED] = { EXIT_FAILED, N_("A part of Adit stopped working."),
                                 N_("Try again; if it stays, install Adit again.") },
  [ADIT_ERROR_TUNNEL_FAILED] = { EXIT_TUNNEL, N_("The tunnel could not be set up."), N_("Try again, or try another place.") },
  [ADIT_ERROR_NO_WIREGUARD] = { EXIT_TUNNEL, N_("This computer has no WireGuard."),
                                N_("Use a kernel that has it, or install wireguard-go.") },
  [ADIT_ERROR_NO_OPENVPN] = { EXIT_TUNNEL, N_("This computer has no OpenVPN."), N_("Install openvpn.") },
  [ADIT_ERROR_LOGIN_REFUSED] = { EXIT_CREDENTIAL, N_("The server does not accept this user name and password."),
                                 N_("Say them again; it says so as well where time is over or too many devices are used."),
                                 "adit profiles login PROFILE" },
  [ADIT_ERROR_ANSWER_NEEDED] = { EXIT_CREDENTIAL, N_("The server asks for one more answer."), N_("Answer it; it holds once."),
                                 "adit reconnect --answer" },
  [ADIT_ERROR_NO_HANDSHAKE] = { EXIT_TUNNEL, N_("The server does not answer."),
                                N_("Try another place; some networks block WireGuard.") },
  [ADIT_ERROR_OFFLINE] = { EXIT_SERVICE, N_("This computer is offline."),
                           N_("Plug in a cable or join a Wi-Fi network; Adit goes on by itself then.") },
  [ADIT_ERROR_DNS_FAILED] = { EXIT_TUNNEL, N_("Names could not be sent through the tunnel, so nothing was connected."),
                              N_("Look at who manages /etc/resolv.conf."), "adit diagnose" },
  [ADIT_ERROR_LOCK_FAILED] = { EXIT_LOCK, N_("The lock could not be set. Traffic may leave unprotected."),
                               N_("Check that nftables works on this computer."), "adit diagnose" },
  [ADIT_ERROR_STORE_FAILED] = { EXIT_FAILED, N_("Adit's own files could not be read or written."),
                                N_("Check that the disk is not full and not read-only.") },
  [ADIT_ERROR_TRUST_UNUSABLE] = { EXIT_FAILED, N_("The certificates by which the service is known cannot be used."),
                                  N_("Check what /etc/adit/services.conf names, and that ca-certificates is installed.") },
  [ADIT_ERROR_NEWER_FORMAT] = { EXIT_OTHER, N_("Adit's files were written by a newer version."),
                                N_("Install that version again.") },
  [ADIT_ERROR_TIMED_OUT] = { EXIT_TIMED_OUT, N_("It is not done yet, and the waiting time is over."),
                             N_("It goes on by itself; look again later."), "adit status" },
  [ADIT_ERROR_HELPER_UNREACHABLE] = { EXIT_UNREACHABLE, N_("Adit's helper is not running."),
                                      N_("Start it. If the network stays blocked, \"adit recover --open\" opens it."),
                                      "systemctl start aditd" },
  [ADIT_ERROR_OTHER_HELPER] = { EXIT_OTHER, N_("Another helper is running."), N_("Stop that one first."),
                                 "systemctl stop aditd" },
  [ADIT_ERROR_OTHER_VERSION] = { EXIT_OTHER, N_("The parts of Adit are of different versions."),
                                 N_("Restart the helper."), "systemctl restart aditd" },
  [ADIT_ERROR_FALSE_HELPER] = { EXIT_OTHER, N_("Another program answers in place of Adit's helper; nothing was sent to it."),
                                N_("Ask the person who administers this computer.") },
  [ADIT_ERROR_WOULD_CUT_OFF] = { EXIT_NOT_ALLOWED, N_("You have come over the network, and this would cut you off."),
                                 N_("Let it go back by itself unless you confirm it, or keep your session (--keep-session)."),
                                 "adit connect --confirm-within 60" },
  [ADIT_ERROR_NO_REPORT] = { EXIT_NO_SUCH, N_("There is no such report."), N_("Look at those that there are."),
                             "adit report list" },
  [ADIT_ERROR_NO_REPORT_SERVER] = { EXIT_NO_SUCH, N_("No server is set that reports could go to, so nothing was sent."),
                                    N_("Save the report to a file, or set a server."), "adit report save ID FILE" },
  [ADIT_ERROR_REPORT_SERVER_MALFORMED] = { EXIT_USAGE,
                                           N_("That cannot be the address of a server for reports; nothing was changed."),
                                           N_("The server shows it as a DSN, such as https://KEY@HOST/NUMBER.") },
  [ADIT_ERROR_TOO_MANY_REPORTS] = { EXIT_FAILED, N_("There have been many reports within the last hour."),
                                    N_("Wait an hour, then try again.") },
};

/* Why somebody is blocked is mostly an error that happened; the rest has words of its own. */
static const struct { AditError error; const char *what, *remedy; } reasons[ADIT_N_REASONS] = {
  [ADIT_REASON_NONE] = { ADIT_N_ERRORS, "", "" },
  [ADIT_REASON_STARTING] = { ADIT_N_ERRORS, N_("Adit has just started and blocks until it knows what you wanted."),
                             N_("Wait a moment.") },
  [ADIT_REASON_SETTINGS_LOST] = { ADIT_N_ERRORS, N_("Adit's settings are lost, so it blocks until you decide."),
                                  N_("Connect, or disconnect to open the network.") },
  [ADIT_REASON_NO_ACCOUNT] = { ADIT_ERROR_NO_ACCOUNT, NULL, NULL },
  [ADIT_REASON_ACCOUNT_EXPIRED] = { ADIT_ERROR_ACCOUNT_EXPIRED, NULL, NULL },
  [ADIT_REASON_DEVICE_REVOKED] = { ADIT_ERROR_DEVICE_REVOKED, NULL, NULL },
  [ADIT_REASON_KEY_LOST] = { ADIT_ERROR_KEY_LOST, NULL, NULL },
  [ADIT_REASON_NO_SUCH_PLACE] = { ADIT_ERROR_NO_SUCH_PLACE, NULL, NULL },
  [ADIT_REASON_FILTERED] = { ADIT_ERROR_FILTERED, NULL, NULL },
  [ADIT_REASON_SERVICE_UNREACHABLE] = { ADIT_ERROR_SERVICE_UNREACHABLE, NULL, NULL },
  [ADIT_REASON_WRONG_CLOCK] = { ADIT_ERROR_WRONG_CLOCK, NULL, NULL },
  [ADIT_REASON_SERVICE_NONSENSE] = { ADIT_ERROR_SERVICE_NONSENSE, NULL, NULL },
  [ADIT_REASON_NO_WIREGUARD] = { ADIT_ERROR_NO_WIREGUARD, NULL, NULL },
  [ADIT_REASON_NO_OPENVPN] = { ADIT_ERROR_NO_OPENVPN, NULL, NULL },
  [ADIT_REASON_TRUST_UNUSABLE] = { ADIT_ERROR_TRUST_UNUSABLE, NULL, NULL },
  [ADIT_REASON_LOGIN_REFUSED] = { ADIT_ERROR_LOGIN_REFUSED, NULL, NULL },
  [ADIT_REASON_ANSWER_NEEDED] = { ADIT_ERROR_ANSWER_NEEDED, NULL, NULL },
  [ADIT_REASON_TUNNEL_FAILED] = { ADIT_ERROR_TUNNEL_FAILED, NULL, NULL },
  [ADIT_REASON_NO_HANDSHAKE] = { ADIT_ERROR_NO_HANDSHAKE, NULL, NULL },
  [ADIT_REASON_OFFLINE] = { ADIT_ERROR_OFFLINE, NULL, NULL },
  [ADIT_REASON_DNS_FAILED] = { ADIT_ERROR_DNS_FAILED, NULL, NULL },
  [ADIT_REASON_LOCK_FAILED] = { ADIT_ERROR_LOCK_FAILED, NULL, NULL },
  [ADIT_REASON_WORKER_FAILED] = { ADIT_ERROR_WORKER_FAILED, NULL, NULL },
  [ADIT_REASON_INTERNAL] = { ADIT_ERROR_FAILED, NULL, NULL },
};

static const char *const states[ADIT_N_STATES] = {
  [ADIT_STATE_BLOCKED] = N_("Blocked on purpose"),
  [ADIT_STATE_CONNECTING] = N_("Connecting"),
  [ADIT_STATE_CONNECTED] = N_("Connected"),
  [ADIT_STATE_DISCONNECTING] = N_("Disconnecting"),
  [ADIT_STATE_DISCONNECTED] = N_("Not protected"),
};

/* What GetProfiles says that a person is asked. */
static const struct { const char *word, *text; } questions[] = {
  { "username", N_("user name") }, { "password", N_("password") }, { "passphrase", N_("passphrase of the key") },
  { "proxy-username", N_("user name at the proxy") }, { "proxy-password", N_("password at the proxy") },
  { "challenge", N_("an answer at each connection") },
};

/* gettext answers "" with the catalogue's header. */
static const char *
translate (const char *text)
{
  return text[0] != '\0' ? _(text) : "";
}

/**
 * adit_explain_error:
 * @code: what happened
 * @explanation: (out caller-allocates): the words; they belong to the catalogue
 */
void
adit_explain_error (AditError code, AditExplanation *explanation)
{
  guint row = (guint) code < ADIT_N_ERRORS ? (guint) code : (guint) ADIT_ERROR_FAILED;

  explanation->what = translate (errors[row].what);
  explanation->remedy = translate (errors[row].remedy);
  explanation->command = errors[row].command != NULL ? errors[row].command : "";
}

/**
 * adit_explain_reason:
 * @reason: why the session is blocked
 * @explanation: (out caller-allocates): the words; they belong to the catalogue
 */
void
adit_explain_reason (AditReason reason, AditExplanation *explanation)
{
  guint row = (guint) reason < ADIT_N_REASONS ? (guint) reason : (guint) ADIT_REASON_INTERNAL;

  if (reasons[row].what == NULL)
    {
      adit_explain_error (reasons[row].error, explanation);
      return;
    }
  explanation->what = translate (reasons[row].what);
  explanation->remedy = translate (reasons[row].remedy);
  explanation->command = "";
}

/* The most pressing first. */
static const struct { AditNotices notice; const char *what, *remedy, *command; } notices_told[ADIT_N_NOTICES] = {
  { ADIT_NOTICE_PEER, N_("This network tries to lead the tunnel itself another way."),
    N_("Nobody can read what goes through it; if it stops, use another network."), "" },
  { ADIT_NOTICE_ROUTES, N_("This network tries to lead traffic past the tunnel."),
    N_("It does not succeed. Better not to trust this network."), "" },
  { ADIT_NOTICE_OTHER_PROGRAM, N_("Another program's rules for the network and Adit's stand in each other's way."),
    N_("Look which ones, and what to do about it."), "adit diagnose" },
  { ADIT_NOTICE_NAMES, N_("The tunnel works, and whoever is to answer this computer's names does not."),
    N_("Connect to another place; if you chose resolvers of your own, look at them."), "adit dns" },
  { ADIT_NOTICE_ACCOUNT_ENDED, N_("Your account has no time left; the tunnel may end at any moment."),
    N_("Add time, then look again."), "adit account --refresh" },
  { ADIT_NOTICE_RELAY_KEY, N_("A server of the service has another key than before."),
    N_("Services change keys when they set a server up anew. If you doubt it, compare the key on the service's page."), "" },
  { ADIT_NOTICE_KEY_KEPT, N_("This computer's key should be changed, and the service has not taken a new one yet."),
    N_("The old one is used as long as it works; Adit tries again by itself."), "adit account rotate-key" },
  { ADIT_NOTICE_KEY_REPLACED, N_("No server answered to this computer's key, so the service was given a new one."),
    N_("If you did not remove the old one yourself, look who else can use the account."), "" },
  { ADIT_NOTICE_NETWORK, N_("This network is new to this computer."),
    N_("Say whether you trust it."), "adit networks" },
  { ADIT_NOTICE_PORTAL, N_("This network probably wants you to show yourself on a page of its own."),
    N_("Open it: one browser alone can reach this network's router then, for five minutes."), "adit portal" },
};

/**
 * adit_explain_notices:
 * @notices: what somebody is told; at least one
 * @explanation: (out caller-allocates): the words for the most pressing one; they belong to the catalogue
 *
 * Returns: which one that is
 */
AditNotices
adit_explain_notices (AditNotices notices, AditExplanation *explanation)
{
  *explanation = (AditExplanation) { "", "", "" };
  for (guint i = 0; i < ADIT_N_NOTICES; i++)
    if ((notices & notices_told[i].notice) != 0)
      {
        *explanation = (AditExplanation) { _(notices_told[i].what), _(notices_told[i].remedy), notices_told[i].command };
        return notices_told[i].notice;
      }
  return ADIT_NOTICE_NONE;
}

/**
 * adit_explain_state:
 * @state: a state
 * @lockdown: whether the lock stays while disconnected
 *
 * Returns: (transfer none): its word for a person; a computer under lockdown is blocked where it would otherwise be open
 */
const char *
adit_explain_state (AditState state, gboolean lockdown)
{
  if (state == ADIT_STATE_DISCONNECTED && lockdown)
    state = ADIT_STATE_BLOCKED;
  return _(states[(guint) state < ADIT_N_STATES ? state : ADIT_STATE_BLOCKED]);
}

/**
 * adit_explain_question:
 * @word: what is asked before a connection with a profile
 *
 * Returns: (transfer none): what a person calls it, translated; @word itself where it is a newer helper's
 */
const char *
adit_explain_question (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    if (g_str_equal (questions[i].word, word))
      return _(questions[i].text);
  return word;
}

/**
 * adit_explain_exit_code_for:
 * @code: what happened
 *
 * Returns: what a program exits with
 */
int
adit_explain_exit_code_for (AditError code)
{
  return (guint) code < ADIT_N_ERRORS ? errors[code].exit_code : EXIT_FAILED;
}

/**
 * adit_explain_exit_code:
 * @error: any error
 *
 * Returns: what a program exits with
 */
int
adit_explain_exit_code (const GError *error)
{
  return error->domain == ADIT_ERROR ? adit_explain_exit_code_for ((AditError) error->code) : EXIT_FAILED;
}
