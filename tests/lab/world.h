/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world.h: the lab's internet with a service on it and a computer behind it: real bus, real polkit, real helper, real worker. */
#pragma once

#include <gio/gio.h>
#include "tests/lab/lab.h"

G_BEGIN_DECLS

#define ADIT_WORLD_ACCOUNT "1234567890123456"
#define ADIT_WORLD_ALICE_UID 61011    /* a person who sits at the computer, where polkit runs */
#define ADIT_WORLD_BOB_UID   61012    /* a person without a session and without rights */
#define ADIT_WORLD_DAEMON_UID 61015   /* a service of the system, which nobody logs in to */

typedef enum
{
  ADIT_WORLD_PLAIN    = 0,
  ADIT_WORLD_POLKIT   = 1 << 0,
  ADIT_WORLD_RESOLVED = 1 << 1,    /* systemd-resolved rules the names instead of the plain file */
  ADIT_WORLD_NETWORKMANAGER = 1 << 2,    /* the uplink's address comes from the router by DHCP; it is not started yet */
  ADIT_WORLD_PEOPLE         = 1 << 3,    /* with polkit: Bob sits at another seat, and both have come by ssh as well */
  ADIT_WORLD_ENTRY          = 1 << 5,    /* Mullvad has a second relay that works, at another place */
  ADIT_WORLD_SERVICES       = 1 << 6,    /* all that there are; of adit_world_begin_test() alone */
  ADIT_WORLD_LOGIND         = 1 << 4,    /* the real one; it makes seats of real devices, so nobody is active then */
} AditWorldFlags;

typedef enum
{
  ADIT_WORLD_ALICE_SEATED,
  ADIT_WORLD_BOB_SEATED,
  ADIT_WORLD_ALICE_AWAY,    /* by ssh */
  ADIT_WORLD_BOB_AWAY,
  ADIT_WORLD_N_SESSIONS,
  ADIT_WORLD_NO_SESSION = ADIT_WORLD_N_SESSIONS
} AditWorldSession;

typedef struct _AditWorld AditWorld;

void       adit_world_enter (void);
AditWorld *adit_world_new   (AditWorldFlags flags, GError **error);
void       adit_world_free  (AditWorld *self);

gboolean   adit_world_start_helper (AditWorld *self, GError **error);
void       adit_world_kill_helper  (AditWorld *self);
int        adit_world_stop_helper  (AditWorld *self);
void       adit_world_set_fault    (AditWorld *self, const char *fault);
gboolean   adit_world_start_service (AditWorld *self, GError **error);
gboolean   adit_world_add_services  (AditWorld *self, GError **error);
void       adit_world_stop_service  (AditWorld *self);
void       adit_world_restart_resolved (AditWorld *self, const char *multicast, gboolean reboot);
gboolean   adit_world_can_resolved  (void);
gboolean   adit_world_can_networkmanager   (void);
void       adit_world_add_plugins          (AditWorld *self);
void       adit_world_start_networkmanager (AditWorld *self, const char *dns, const char *rc_manager);
void       adit_world_stop_networkmanager  (AditWorld *self, int signal_number);
AditLabResult *adit_world_nmcli            (AditWorld *self, const char *line);
void       adit_world_set_lease     (AditWorld *self, const char *resolver);
void       adit_world_set_lease_address (AditWorld *self, const char *address);

AditLabResult *adit_world_adit      (AditWorld *self, guint uid, const char *input, const char *line);
AditLabResult *adit_world_adit_with (AditWorld *self, guint uid, const char *const *environment, const char *input,
                                     const char *line);
AditLabResult *adit_world_run       (AditWorld *self, guint uid, const char *const *argv);
GSubprocess   *adit_world_start_adit (AditWorld *self, const char *line, GError **error);
gboolean       adit_world_login_by_page (AditWorld *self, const char *service, char **url, GError **error);
char          *adit_world_get_state (AditWorld *self);
gboolean       adit_world_wait_state (AditWorld *self, const char *state, guint max_ms);
char          *adit_world_ask_web   (AditWorld *self, gboolean ipv6);
char          *adit_world_look_up   (AditWorld *self, const char *name);
gboolean       adit_world_ping      (AditWorld *self, const char *address, guint max_ms);
char          *adit_world_dup_dns_log (AditWorld *self);
char          *adit_world_dup_log   (AditWorld *self);
char          *adit_world_dup_picture (AditWorld *self);

GSubprocess   *adit_world_spawn     (AditWorld *self, guint uid, GSubprocessLauncher *launcher, const char *const *argv,
                                     GError **error);
GSubprocess   *adit_world_spawn_in  (AditWorld *self, AditWorldSession session, guint uid, GSubprocessLauncher *launcher,
                                     const char *const *argv, GError **error);

AditWorld     *adit_world_begin_test    (int *argc, char ***argv, AditWorldFlags flags);
int            adit_world_end_test      (AditWorld *self);
void           adit_world_print_log     (AditWorld *self);
void           adit_world_expect        (AditWorld *self, guint uid, const char *input, const char *line, int status);
void           adit_world_expect_web    (AditWorld *self, const char *address);
void           adit_world_expect_helper (AditWorld *self);
void           adit_world_pause         (AditWorld *self, guint seconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditWorld, adit_world_free)

G_END_DECLS
