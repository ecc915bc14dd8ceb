/* SPDX-License-Identifier: GPL-2.0-or-later */
/* error.h: the one error domain.  It lives at the bottom because every layer raises it; client/api gives each code its bus
 * name, its words and its exit code.  A code exists where a caller acts differently. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ADIT_ERROR (adit_error_quark ())

typedef enum
{
  ADIT_ERROR_FAILED,                  /* anything that no caller treats on its own */
  ADIT_ERROR_INVALID_ARGUMENT,        /* the caller's words are malformed */
  ADIT_ERROR_NOT_ALLOWED,             /* polkit or ownership said no */
  ADIT_ERROR_BUSY,                    /* the same thing is being done already */
  ADIT_ERROR_NO_ACCOUNT,              /* nobody has signed in, or no such account */
  ADIT_ERROR_NO_SUCH_PLACE,           /* no relay matches the wish */
  ADIT_ERROR_NO_ENTRY_BY_TCP,         /* the service leads in at one place and out at another by UDP alone */
  ADIT_ERROR_FILTERED,                /* a relay matches the wish, but none what else is asked of one */
  ADIT_ERROR_NO_SUCH_SERVICE,         /* no adapter of that name */
  ADIT_ERROR_CREDENTIAL_MALFORMED,    /* cannot be a credential of that service; nothing was sent */
  ADIT_ERROR_CREDENTIAL_REFUSED,      /* the service does not know it */
  ADIT_ERROR_SIGN_IN_ENDED,           /* what stands for a sign-in is no longer good; the account may be */
  ADIT_ERROR_ACCOUNT_EXPIRED,         /* no time left */
  ADIT_ERROR_TOO_MANY_DEVICES,        /* the account's device limit is reached */
  ADIT_ERROR_DEVICE_REVOKED,          /* the service no longer knows this computer's key */
  ADIT_ERROR_KEY_REFUSED,             /* the service wants another key than this computer's */
  ADIT_ERROR_VOUCHER_REFUSED,         /* the service does not know it */
  ADIT_ERROR_VOUCHER_USED,            /* it was good once */
  ADIT_ERROR_KEY_LOST,                /* the service has another key for this computer, and has not taken a new one */
  ADIT_ERROR_SERVICE_UNREACHABLE,     /* no connection, or none in time */
  ADIT_ERROR_SERVICE_UNTRUSTED,       /* its certificate does not end in the pinned root, or names another host */
  ADIT_ERROR_WRONG_CLOCK,             /* this computer's clock and the service's, or its certificate's, disagree */
  ADIT_ERROR_SERVICE_NONSENSE,        /* it answered, and not in its own form */
  ADIT_ERROR_SERVICE_FAILED,          /* it says that it cannot at the moment */
  ADIT_ERROR_TOO_MANY_REQUESTS,       /* it wants to be asked less often */
  ADIT_ERROR_NOT_UNDERSTOOD,          /* it says that our question makes no sense to it */
  ADIT_ERROR_SERVICE_REFUSED,         /* it answered with an error that we have no code for */
  ADIT_ERROR_WORKER_FAILED,           /* the worker crashed, hung or sent what it may not send */
  ADIT_ERROR_TUNNEL_FAILED,           /* device, key, address or route could not be set */
  ADIT_ERROR_NO_WIREGUARD,            /* neither the kernel nor wireguard-go can do it */
  ADIT_ERROR_NO_OPENVPN,              /* there is no openvpn, or none that is root's */
  ADIT_ERROR_LOGIN_REFUSED,           /* the server itself does not take user name and password */
  ADIT_ERROR_ANSWER_NEEDED,           /* the server asks something beside the password, each time anew */
  ADIT_ERROR_NO_HANDSHAKE,            /* the peer never proved its key in time */
  ADIT_ERROR_OFFLINE,                 /* no link leads to anybody */
  ADIT_ERROR_DNS_FAILED,              /* the resolver could not be set */
  ADIT_ERROR_LOCK_FAILED,             /* the firewall did not take the lock, or not all of it */
  ADIT_ERROR_STORE_FAILED,            /* our own files could not be read or written */
  ADIT_ERROR_TRUST_UNUSABLE,          /* the certificates by which a service is known cannot be used on this computer */
  ADIT_ERROR_NEWER_FORMAT,            /* a file of ours was written by a newer version */
  ADIT_ERROR_TIMED_OUT,               /* the caller's own waiting time is over */
  ADIT_ERROR_HELPER_UNREACHABLE,      /* no helper on the bus (raised by clients) */
  ADIT_ERROR_OTHER_HELPER,            /* a second helper, or recovery beside a running one */
  ADIT_ERROR_OTHER_VERSION,           /* helper, worker and client are not of one build */
  ADIT_ERROR_FALSE_HELPER,            /* somebody who is not root has the helper's name (raised by clients) */
  ADIT_ERROR_NO_CODE,                 /* a picture shows no QR code, or is none */
  ADIT_ERROR_WOULD_CUT_OFF,           /* a caller from another computer, whose own connection the lock would end */
  ADIT_ERROR_NO_REPORT,               /* none of that id, or it is somebody else's */
  ADIT_ERROR_NO_REPORT_SERVER,        /* there is nowhere to send it to */
  ADIT_ERROR_REPORT_SERVER_MALFORMED, /* cannot be the address of one; nothing was changed */
  ADIT_ERROR_TOO_MANY_REPORTS,        /* within the last hour */
  ADIT_N_ERRORS
} AditError;

GQuark adit_error_quark (void);

G_END_DECLS
