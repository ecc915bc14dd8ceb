/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call.h: one method call on its way through authorisation to its work; what the files of the service share. */
#pragma once

#include "client/api/org.aditvpn.Adit1.h"
#include "client/base/log-ring.h"
#include "client/helper/exit-address.h"
#include "client/helper/service.h"
#include "client/helper/sign-ins.h"
#include "client/model/flow.h"
#include "platform/alarm.h"

G_BEGIN_DECLS

typedef struct _AditCall AditCall;

struct _AditBusService
{
  AditServiceParts parts;
  AditDBusAdit1   *skeleton;
  GHashTable      *subscribers;      /* bus name to Subscriber */
  GPtrArray       *disconnecting;    /* of GDBusMethodInvocation: answered when the session is no longer disconnecting */
  AditCall        *opening;          /* (nullable): answered when nothing is in the way of the hole that it has opened */
  GHashTable      *refreshed_at;     /* service id to gint64 of monotonic microseconds: when its list was asked for last */
  GCancellable    *unneeded;         /* (nullable): ends the question for a list that nobody waits for */
  GPtrArray       *logging_in;       /* of AditAccount, borrowed: a service is asked about them, no vault has them yet */
  AditSignIns     *sign_ins;         /* those that wait for a person */
  GHashTable      *calls;            /* caller's bus name to how many of its calls are under way */
  guint            n_log_ins;        /* of all callers: each holds descriptors */
  guint            rate_filter;      /* on the bus: call-rate.c */
  AditExitAddress *exit_address;
  guint32          status_owner_uid; /* whose connection the status tells about, or ADIT_NO_OWNER */
  GHashTable      *owners;           /* set of uid: whose accounts and profiles have changed since the helper began */
  GHashTable      *changed_relays;   /* service id to the name of a server that has another key than in the list before */
  AditAlarm       *look_alarm;       /* (nullable): while connected, when the account is looked at again */
  gboolean         was_inside, was_open, was_leaving;
  gboolean         is_hindered;      /* by another program's rules */
  AditState        looked_in;        /* in which state that was looked at last */
  guint            hindrance_source;
  /* To which imported file leads what polkit is asked about now, or ""; a guess. */
  char             likely_profile[ADIT_ACCOUNT_ID_MAX_BYTES];
};

typedef struct _AditGuardLook AditGuardLook;    /* guard.c */
typedef void    (*AditCallWork)  (AditCall *call);
typedef guint32 (*AditCallOwner) (AditCall *call);    /* whose account it touches as things are now */

/* Freed with adit_call_free() by whoever answers the invocation. */
struct _AditCall
{
  AditBusService        *service;
  GDBusMethodInvocation *invocation;
  AditCallWork           work;
  AditCallOwner          owner;         /* (nullable): nobody's */
  char                  *sender;
  gboolean               takes_descriptor;    /* counted among the service's n_log_ins */
  const char            *name;          /* its row in the authorizer's table */
  guint32                owner_uid;     /* for whom it was authorised */
  guint32                uid;           /* the caller's, once authorised */
  char                  *text;          /* account, service or profile, as the caller named it */
  GVariant              *options;
  AditWish               wish;
  gboolean               flag;
  GVariant              *value;         /* (nullable): of a setting */
  AditSecret            *credential;
  int                    fd;
  /* of a call that may close the lock: guard.c */
  gboolean               is_guarded, says_remote, keeps;
  AditGuardLook         *look;          /* (nullable): whether it has come over the network */
  AditFlow               flow;          /* by which the caller says to have come; or none */
  guint32                confirm_s;     /* 0: it stays */
  guint32                seconds;       /* of a pause, or of a hole */
};

AditCall    *adit_call_new       (AditBusService *service, GDBusMethodInvocation *invocation, GVariant *options,
                                  AditCallWork work);
void         adit_call_free      (AditCall *self);
void         adit_call_authorise (AditCall *self, const char *name, AditCallOwner owner);
gboolean     adit_call_take_fd   (AditCall *self, GUnixFDList *fds, GVariant *handle);
void         adit_call_take_answer_fd (AditCall *self);
gboolean     adit_call_wait_for_secret (AditCall *self);
guint32      adit_call_get_account_owner (AditCall *self);
void         adit_call_resume    (AditCall *self);
void         adit_call_fail      (AditCall *self, GError *error);
gboolean     adit_call_has_option (AditCall *self, const char *option);
AditAccount *adit_call_find_account (AditCall *self, GError **error);
guint32      adit_call_get_status_owner (AditCall *self);
AditAccount *adit_service_find_account (AditBusService *service, const char *id, guint32 uid);
guint32      adit_service_find_owner   (AditBusService *service, const char *id);

/* The parts of the interface; each connects its own methods. */
void adit_service_connect_status_methods  (AditBusService *service);
void adit_service_connect_log_methods     (AditBusService *service);
void adit_service_connect_sign_in_methods (AditBusService *service);
void adit_service_connect_device_methods (AditBusService *service);
void adit_service_connect_choice_methods (AditBusService *service);
void adit_service_connect_account_methods (AditBusService *service);
void adit_service_connect_session_methods (AditBusService *service);
void adit_service_connect_settings_methods (AditBusService *service);
void adit_service_connect_portal_methods  (AditBusService *service);
void adit_service_connect_network_methods (AditBusService *service);
void adit_service_connect_key_methods     (AditBusService *service);
void adit_service_connect_confirm_methods (AditBusService *service);
void adit_service_connect_pause_methods   (AditBusService *service);
void adit_service_connect_picture_methods (AditBusService *service);
void adit_service_connect_profile_methods (AditBusService *service);
void adit_service_connect_report_methods  (AditBusService *service);
void adit_service_connect_report_server_methods (AditBusService *service);

AditSettings adit_service_get_settings   (AditBusService *service);
GVariant *adit_service_settings  (AditBusService *service);
GVariant *adit_service_status    (AditBusService *service, guint32 uid);
GVariant *adit_service_diagnostics       (AditBusService *service);
gboolean  adit_service_may_see_all       (AditBusService *service, guint32 uid);
gboolean  adit_service_may_read_line     (AditBusService *service, const AditLogLine *line, guint32 uid);
void      adit_service_add_causes         (AditBusService *service, GVariantBuilder *dict);
void      adit_service_look_for_others    (AditBusService *service);
void      adit_service_tell_subscribers   (AditBusService *service);
void      adit_service_tell_accounts      (AditBusService *service, guint32 owner_uid);
void      adit_service_tell_reports       (AditBusService *service, guint32 owner_uid);
void      adit_service_answer_disconnects (AditBusService *service);
void      adit_service_answer_portal      (AditBusService *service);
void      adit_service_follow_pause       (AditBusService *service);
void      adit_service_follow_account     (AditBusService *service);
GVariant *adit_service_account_row        (AditBusService *service, AditAccount *account, guint32 uid);
AditAccount *adit_service_take_account    (AditBusService *service, const char *id, AditWorkerAnswer *words,
                                           const AditWorkerAnswer *answer, GError **error);
void      adit_service_refresh_list (AditBusService *service, AditAccount *account, gboolean is_needed);
void      adit_service_leave_list   (AditBusService *service);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditCall, adit_call_free)

G_END_DECLS
