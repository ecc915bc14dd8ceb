/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cli.h: one run of the command line: what was typed, the helper behind it, and the two ways of saying the result. */
#pragma once

#include <gio/gio.h>
#include <jansson.h>
#include "client/api/answer.h"
#include "client/api/client.h"
#include "client/api/report-answer.h"
#include "client/model/choice.h"

G_BEGIN_DECLS

#define ADIT_CLI_OK     0
#define ADIT_CLI_FAILED 1
#define ADIT_CLI_USAGE  2

typedef struct
{
  gboolean    json;
  AditClient *client;    /* (nullable): made by adit_cli_get_client() */
  char      **words;     /* what was typed behind the command, without options */
  /* options; each command names those it takes */
  gboolean    wait, open, force, keep_session, refresh, disconnect, answer, with_ipv6, favourites, at_login, log;
  char       *search, *name, *profile, *tunnel, *entry, *account, *pick, *ownership, *port, *sort, *contact;
  char      **hosting;
  int         timeout_s, confirm_within_s;
  GUnixFDList *answer_fds;    /* (nullable): what a person has answered to a server, for the next call */
} AditCli;

typedef struct
{
  const char *name;
  const char *usage;                    /* what follows the name */
  const char *summary;                  /* for the list of commands; translated */
  const char *options;                  /* the options it takes, by their names, blank-separated */
  guint       min_words, max_words;
  int       (*run) (AditCli *cli);
} AditCommand;

const AditCommand *adit_commands_get (gsize *n_commands);
gboolean           adit_command_takes (const AditCommand *self, const char *option);
void               adit_cli_print_commands (void);
char              *adit_cli_dup_words (const AditCommand *command);
json_t            *adit_cli_json_words (const AditCommand *command);
json_t            *adit_cli_json_commands (const GOptionEntry *options);

/* A person's way to the helper: each answers an exit code or the helper's answer, and says every failure itself. */
AditClient   *adit_cli_get_client  (AditCli *cli, GError **error);
GVariant     *adit_cli_call        (AditCli *cli, const char *method, GVariant *arguments, GUnixFDList *fds,
                                    GUnixFDList **out_fds, GError **error);
int           adit_cli_do          (AditCli *cli, const char *method, GVariant *arguments);
GVariant     *adit_cli_options     (AditCli *cli, const char *name, gboolean value);
GVariant     *adit_cli_way_options (AditCli *cli);
AditSecret   *adit_cli_read_credential (const char *prompt, GError **error);
char         *adit_cli_find_account (AditCli *cli, const char **service, GError **error);
gboolean      adit_cli_read_answer (AditCli *cli, GError **error);
gboolean      adit_cli_can_answer  (AditCli *cli, const GError *error);

/* Words or JSON. */
void          adit_cli_guard_output (void);
char         *adit_cli_dup_line    (const char *text);
int           adit_cli_fail        (AditCli *cli, const GError *error);
json_t       *adit_cli_json_error  (const GError *error);
void          adit_cli_print_json  (json_t *object);
json_t       *adit_cli_new_json    (void);
json_t       *adit_cli_json_text   (const char *text);
json_t       *adit_cli_json_time   (gint64 time_s);
char         *adit_cli_dup_local_time (gint64 time_s);
void          adit_cli_print_status (AditCli *cli, const AditStatus *status);

/* Places. */
AditServerList *adit_cli_get_list      (AditCli *cli, const char *service, GError **error);
gboolean        adit_cli_resolve_place (AditServerList *list, const char *text, AditPlace *place, GError **error);

/* What is asked of servers. */
gboolean        adit_cli_read_servers  (AditCli *cli, AditChoice *choice, GError **error);
void            adit_cli_add_servers   (AditCli *cli, GVariantBuilder *dict);
gboolean        adit_cli_check_servers (AditServerList *list, const AditPlace *place, const AditServerFilter *filter,
                                        GError **error);
gboolean        adit_cli_measure       (AditCli *cli, AditServerList *list, const AditPosition *near, gint32 *times_ms,
                                        GError **error);
void            adit_cli_pick_fastest  (AditCli *cli, AditServerList *list, const AditPosition *near,
                                        const AditServerFilter *filter, AditPlace *place);
GVariant       *adit_cli_get_settings  (AditCli *cli, GError **error);
gboolean        adit_cli_get_choice    (AditCli *cli, AditChoice *choice, GError **error);
int             adit_cli_set_texts     (AditCli *cli, const char *name, const char *const *texts);

/* Who answers names. */
gboolean        adit_cli_answers_names (const char *server);

/* Profiles. */
json_t         *adit_cli_json_profiles (const GPtrArray *profiles);
char           *adit_cli_find_profile  (AditCli *cli, const char *word, GError **error);
void            adit_cli_print_profile (const AditProfileRow *row);

/* Reports. */
int             adit_cli_report_server  (AditCli *cli);
int             adit_cli_report_consent (AditCli *cli);
void            adit_cli_print_report_server (const AditReportServerAnswer *server);
json_t         *adit_cli_json_report_server  (const AditReportServerAnswer *server);
AditReportServerAnswer *adit_cli_get_report_server (AditCli *cli, GError **error);
int             adit_cli_report_yes    (AditCli *cli, const char *method, const char *what);

/* The commands. */
int adit_cli_login      (AditCli *cli);
int adit_cli_logout     (AditCli *cli);
int adit_cli_account_at_service (AditCli *cli);
int adit_cli_account    (AditCli *cli);
int adit_cli_device     (AditCli *cli);
int adit_cli_locations  (AditCli *cli);
int adit_cli_latency    (AditCli *cli);
int adit_cli_import     (AditCli *cli);
int adit_cli_profiles   (AditCli *cli);
int adit_cli_export     (AditCli *cli);
int adit_cli_connect    (AditCli *cli);
int adit_cli_connect_at_login (AditCli *cli);
int adit_cli_disconnect (AditCli *cli);
int adit_cli_pause      (AditCli *cli);
int adit_cli_resume     (AditCli *cli);
int adit_cli_reconnect  (AditCli *cli);
int adit_cli_confirm    (AditCli *cli);
int adit_cli_status     (AditCli *cli);
int adit_cli_watch      (AditCli *cli);
int adit_cli_lockdown   (AditCli *cli);
int adit_cli_settings   (AditCli *cli);
int adit_cli_dns        (AditCli *cli);
int adit_cli_favourite  (AditCli *cli);
int adit_cli_block      (AditCli *cli);
int adit_cli_portal     (AditCli *cli);
int adit_cli_networks   (AditCli *cli);
int adit_cli_diagnose   (AditCli *cli);
int adit_cli_log        (AditCli *cli);
int adit_cli_watch_log  (AditCli *cli);
int adit_cli_report     (AditCli *cli);
int adit_cli_recover    (AditCli *cli);

G_END_DECLS
