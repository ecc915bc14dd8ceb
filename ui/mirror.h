/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror.h: what the helper knows, as the window sees it: the one object through which the window speaks with the helper. */
#pragma once

#include "client/api/account-answer.h"
#include "client/api/answer.h"
#include "client/api/client.h"
#include "client/api/diagnosis.h"
#include "client/api/import-request.h"
#include "client/api/lock-traces.h"
#include "client/api/report-answer.h"
#include "client/model/settings.h"
#include "ui/place-sieve.h"
#include "ui/tunnel-offer.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_PRESENCE_LOOKING = 0,    /* asked, and not yet answered */
  ADIT_PRESENCE_AWAY,           /* no helper, or none that talks to us: adit_mirror_get_absence() says why */
  ADIT_PRESENCE_HERE,
  ADIT_N_PRESENCES
} AditPresence;

#define ADIT_TYPE_MIRROR (adit_mirror_get_type ())
G_DECLARE_FINAL_TYPE (AditMirror, adit_mirror, ADIT, MIRROR, GObject)

/* Signal "changed": something of what the getters answer is different now.
 * Signal "list-changed": adit_mirror_get_list() is another one, or adit_mirror_get_list_error().
 * Signal "profiles-changed": so is adit_mirror_get_profiles().
 * Signal "reports-changed": so is what there is of reports: adit_mirror_get_reports() and adit_mirror_get_report_server().
 * Signal "choice-changed": so is adit_mirror_get_choice(), adit_mirror_get_memory() or adit_mirror_get_latencies(). */

AditMirror *adit_mirror_new  (void);
void        adit_mirror_look (AditMirror *self);

AditPresence          adit_mirror_get_presence (AditMirror *self);
const GError         *adit_mirror_get_absence  (AditMirror *self);    /* (nullable) */
AditLockTrace         adit_mirror_get_lock_trace (AditMirror *self);   /* while there is no helper */
const AditStatus     *adit_mirror_get_status   (AditMirror *self);    /* (nullable) */
gboolean              adit_mirror_has_accounts (AditMirror *self);    /* whether it is known who is there and what is imported */
const AditAccountRow *adit_mirror_get_account  (AditMirror *self);    /* (nullable): this person's current one */
const GPtrArray      *adit_mirror_get_profiles (AditMirror *self);    /* (nullable): of AditProfileRow */
const AditProfileRow *adit_mirror_find_profile (AditMirror *self, const char *id);    /* (nullable) */
AditServerList       *adit_mirror_get_list     (AditMirror *self);    /* (nullable) */
const GError         *adit_mirror_get_list_error (AditMirror *self);  /* (nullable): why there is none; else it is on its way */
const GError         *adit_mirror_get_failure  (AditMirror *self);    /* (nullable): why the last wish was refused */
gboolean              adit_mirror_is_online    (AditMirror *self);
gboolean              adit_mirror_is_other_build (AditMirror *self);

const AditPlace      *adit_mirror_get_place    (AditMirror *self);
void                  adit_mirror_set_place    (AditMirror *self, const AditPlace *place);
const AditProfileRow *adit_mirror_get_profile  (AditMirror *self);    /* (nullable): instead of a place */
const char           *adit_mirror_get_profile_id (AditMirror *self);
void                  adit_mirror_set_profile  (AditMirror *self, const char *id);

/* Wishes.  What becomes of them is told by "changed": by the status, or as a failure. */
void adit_mirror_connect         (AditMirror *self);
void adit_mirror_try_profile     (AditMirror *self, const char *id, guint32 seconds);
void adit_mirror_disconnect      (AditMirror *self);
void adit_mirror_reconnect       (AditMirror *self);
void adit_mirror_pause           (AditMirror *self, guint seconds);
void adit_mirror_resume          (AditMirror *self);
void adit_mirror_set_lockdown    (AditMirror *self, gboolean on);
void adit_mirror_ask_accounts    (AditMirror *self);
void adit_mirror_ask_list        (AditMirror *self);
void adit_mirror_dismiss_failure (AditMirror *self);

/* Signing in: mirror-sign-in.c. */
void     adit_mirror_log_in_async   (AditMirror *self, const char *service, AditSecret *credential, gboolean force,
                                     GAsyncReadyCallback callback, gpointer user_data);
void     adit_mirror_answer_sign_in_async (AditMirror *self, AditSecret *answer, gboolean force, GAsyncReadyCallback callback,
                                           gpointer user_data);
gboolean adit_mirror_sign_in_finish (AditMirror *self, GAsyncResult *result, GError **error);
void     adit_mirror_get_question_async (AditMirror *self, GAsyncReadyCallback callback, gpointer user_data);
AditSignInQuestion *adit_mirror_get_question_finish (AditMirror *self, GAsyncResult *result, GError **error);
void     adit_mirror_create_account_async (AditMirror *self, const char *service, GAsyncReadyCallback callback,
                                           gpointer user_data);

/* Accounts: mirror-accounts.c.  What cannot be done is told to the caller, who shows it where it belongs. */
const GPtrArray      *adit_mirror_get_accounts (AditMirror *self);    /* (nullable): of AditAccountRow, also other people's */
guint                 adit_mirror_count_accounts (AditMirror *self);  /* this person's own */
const AditAccountRow *adit_mirror_find_account (AditMirror *self, const char *id);    /* (nullable) */
void     adit_mirror_use_account       (AditMirror *self, const char *id);
void     adit_mirror_refresh_account   (AditMirror *self);
void     adit_mirror_refresh_account_async (AditMirror *self, const char *id, GAsyncReadyCallback callback, gpointer user_data);
void     adit_mirror_log_out_async     (AditMirror *self, const char *id, gboolean force, GAsyncReadyCallback callback,
                                        gpointer user_data);
void     adit_mirror_remove_device_async (AditMirror *self, const char *account, const char *device,
                                          GAsyncReadyCallback callback, gpointer user_data);
gboolean adit_mirror_account_finish    (AditMirror *self, GAsyncResult *result, GError **error);
void     adit_mirror_get_devices_async (AditMirror *self, const char *account, GAsyncReadyCallback callback,
                                        gpointer user_data);
GPtrArray *adit_mirror_get_devices_finish (AditMirror *self, GAsyncResult *result, GError **error);
void     adit_mirror_add_voucher_async (AditMirror *self, const char *account, AditSecret *voucher,
                                        GAsyncReadyCallback callback, gpointer user_data);
gboolean adit_mirror_add_voucher_finish (AditMirror *self, GAsyncResult *result, gint64 *expires_at_s, GError **error);
void     adit_mirror_reveal_account_async (AditMirror *self, const char *id, GAsyncReadyCallback callback, gpointer user_data);
AditSecret *adit_mirror_number_finish  (AditMirror *self, GAsyncResult *result, GError **error);

/* What holds for every connection: mirror-settings.c. */
void      adit_mirror_get_settings_async  (AditMirror *self, GAsyncReadyCallback callback, gpointer user_data);
GVariant *adit_mirror_get_settings_finish (AditMirror *self, GAsyncResult *result, GError **error);
void      adit_mirror_set_setting_async   (AditMirror *self, const char *name, GVariant *value, GAsyncReadyCallback callback,
                                           gpointer user_data);
void      adit_mirror_get_diagnostics_async  (AditMirror *self, GAsyncReadyCallback callback, gpointer user_data);
GVariant *adit_mirror_get_diagnostics_finish (AditMirror *self, GAsyncResult *result, GError **error);
void      adit_mirror_get_networks_async  (AditMirror *self, GAsyncReadyCallback callback, gpointer user_data);
GVariant *adit_mirror_get_networks_finish (AditMirror *self, GAsyncResult *result, GError **error);
void      adit_mirror_set_network_async   (AditMirror *self, const char *network, const char *trust, const char *action,
                                           GAsyncReadyCallback callback, gpointer user_data);

/* What is wrong: mirror-diagnosis.c. */
void           adit_mirror_diagnose_async  (AditMirror *self, GAsyncReadyCallback callback, gpointer user_data);
AditDiagnosis *adit_mirror_diagnose_finish (AditMirror *self, GAsyncResult *result, GError **error);
void           adit_mirror_get_log_async   (AditMirror *self, guint64 after, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray     *adit_mirror_get_log_finish  (AditMirror *self, GAsyncResult *result, GError **error);

/* Reports of crashes and problems: mirror-reports.c. */
const GPtrArray     *adit_mirror_get_reports       (AditMirror *self);    /* (nullable): of AditReportRow, the newest first */
const AditReportRow *adit_mirror_find_report       (AditMirror *self, const char *id);    /* (nullable) */
const AditReportServerAnswer *adit_mirror_get_report_server (AditMirror *self);    /* (nullable) */
const GError        *adit_mirror_get_reports_error (AditMirror *self);    /* (nullable): why these are not told */
const AditReportRow *adit_mirror_find_new_report   (AditMirror *self, gboolean for_window);    /* (nullable) */
void     adit_mirror_set_reports_told   (AditMirror *self, gboolean by_window);
void     adit_mirror_get_report_async   (AditMirror *self, const char *id, GAsyncReadyCallback callback, gpointer user_data);
GBytes  *adit_mirror_get_report_finish  (AditMirror *self, GAsyncResult *result, GError **error);
void     adit_mirror_add_problem_async  (AditMirror *self, const char *words, const char *contact, GAsyncReadyCallback callback,
                                         gpointer user_data);
char    *adit_mirror_add_problem_finish (AditMirror *self, GAsyncResult *result, GError **error);
void     adit_mirror_send_report_async  (AditMirror *self, const char *id, const char *shown, GAsyncReadyCallback callback,
                                         gpointer user_data);
void     adit_mirror_delete_report_async (AditMirror *self, const char *id, GAsyncReadyCallback callback, gpointer user_data);
void     adit_mirror_set_report_server_async  (AditMirror *self, const char *dsn, const char *pin, GAsyncReadyCallback callback,
                                               gpointer user_data);
void     adit_mirror_set_report_consent_async (AditMirror *self, AditReportConsent consent, const char *shown,
                                               GAsyncReadyCallback callback, gpointer user_data);
gboolean adit_mirror_report_finish      (AditMirror *self, GAsyncResult *result, GError **error);

/* A network's own page: mirror-portal.c. */
void     adit_mirror_open_portal_async  (AditMirror *self, const char *option, GAsyncReadyCallback callback, gpointer user_data);
gboolean adit_mirror_open_portal_finish (AditMirror *self, GAsyncResult *result, GError **error);
/* Which server is taken, as the helper has it set: mirror-choice.c. */
void      adit_mirror_ask_settings  (AditMirror *self);
GVariant *adit_mirror_get_settings  (AditMirror *self);
char    **adit_mirror_dup_setting   (AditMirror *self, const char *name);
const AditChoice *adit_mirror_get_choice (AditMirror *self);
char    **adit_mirror_dup_blocks    (AditMirror *self, const char *const *names);
guint     adit_mirror_get_favourites (AditMirror *self, AditPlace *places);
gboolean  adit_mirror_is_favourite  (AditMirror *self, const AditPlace *place);
void      adit_mirror_set_favourite (AditMirror *self, const AditPlace *place, gboolean is_one);
void      adit_mirror_set_ownership (AditMirror *self, AditOwnership ownership);
void      adit_mirror_set_with_ipv6 (AditMirror *self, gboolean only);
void      adit_mirror_set_hosting   (AditMirror *self, const char *const *companies);
void      adit_mirror_clear_filter  (AditMirror *self);

/* How quickly places answer: mirror-latency.c. */
void                adit_mirror_measure_async  (AditMirror *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean            adit_mirror_measure_finish (AditMirror *self, GAsyncResult *result, GError **error);
AditLatencies      *adit_mirror_get_latencies  (AditMirror *self);    /* (nullable) */

/* How this person connects, as this window remembers it: mirror-memory.c. */
const AditMemory *adit_mirror_get_memory (AditMirror *self);
void      adit_mirror_set_protocol  (AditMirror *self, gboolean has_protocol, AditProtocol protocol);
void      adit_mirror_set_multihop  (AditMirror *self, gboolean on);
const AditPlace *adit_mirror_get_entry (AditMirror *self);
void      adit_mirror_set_entry     (AditMirror *self, const AditPlace *place);
void      adit_mirror_set_keeps_recent (AditMirror *self, gboolean on);
void      adit_mirror_set_hears     (AditMirror *self, AditHears hears);
void      adit_mirror_set_background (AditMirror *self, gboolean on);
void      adit_mirror_find_offer    (AditMirror *self, AditTunnelOffer *offer);
void      adit_mirror_find_look     (AditMirror *self, gboolean is_entry, AditPlaceLook *look);
/* What changes all the time: mirror-traffic.c. */
void        adit_mirror_get_traffic_async  (AditMirror *self, GAsyncReadyCallback callback, gpointer user_data);
AditStatus *adit_mirror_get_traffic_finish (AditMirror *self, GAsyncResult *result, GError **error);

/* Profiles.  Except for an import, what cannot be done is told as a failure, too. */
void     adit_mirror_remove_profile (AditMirror *self, const char *id);
void     adit_mirror_rename_profile_async (AditMirror *self, const char *id, const char *name, GAsyncReadyCallback callback,
                                           gpointer user_data);
void     adit_mirror_answer       (AditMirror *self, AditSecret *answer);
void     adit_mirror_set_profile_login_async  (AditMirror *self, const char *id, AditSecret *login, GAsyncReadyCallback callback,
                                               gpointer user_data);
gboolean adit_mirror_set_profile_login_finish (AditMirror *self, GAsyncResult *result);
void     adit_mirror_export_profile_async     (AditMirror *self, const char *id, GFile *file, GAsyncReadyCallback callback,
                                               gpointer user_data);
gboolean adit_mirror_export_profile_finish    (AditMirror *self, GAsyncResult *result);

void              adit_mirror_import_async  (AditMirror *self, const char *const *paths, GAsyncReadyCallback callback,
                                             gpointer user_data);
void              adit_mirror_import_text_async (AditMirror *self, const char *text, const char *name,
                                                 GAsyncReadyCallback callback, gpointer user_data);
void              adit_mirror_read_picture_async (AditMirror *self, const char *path, GAsyncReadyCallback callback,
                                                  gpointer user_data);
GBytes           *adit_mirror_read_picture_finish (AditMirror *self, GAsyncResult *result, GError **error);
AditImportAnswer *adit_mirror_import_finish (AditMirror *self, GAsyncResult *result, GError **error);

G_END_DECLS
