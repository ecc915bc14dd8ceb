/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process.h: starts a child that has less than we have: own uid, clean environment, only the descriptors it is given. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ADIT_TYPE_PROCESS (adit_process_get_type ())
G_DECLARE_FINAL_TYPE (AditProcess, adit_process, ADIT, PROCESS, GObject)

#define ADIT_PROCESS_MAX_FDS 8

typedef enum
{
  ADIT_CONFINEMENT_WORKER = 0,   /* no capability, no_new_privs; it closes the rest of the doors itself (platform/sandbox.h) */
  ADIT_CONFINEMENT_WIREGUARD,    /* ambient CAP_NET_ADMIN; a filter denies netfilter, packet sockets, ptrace and exec */
  ADIT_CONFINEMENT_OPENVPN,      /* no capability; a filter as the above; of files its libraries, of devices TUN */
} AditConfinement;

typedef struct
{
  const char        *path;           /* absolute; never searched for */
  const char *const *argv;
  const char *const *envp;           /* the whole environment */
  const char        *user;           /* its uid and gid; looked up in the user database */
  AditConfinement    confinement;
  guint16            tcp_port;       /* OPENVPN: the one port that it may open a stream to; 0: none */
  /* @to > 2, or 0 for its standard input; everything else is closed, what else of 0..2 is /dev/null but for @keep_stderr */
  struct { int from, to; } fds[ADIT_PROCESS_MAX_FDS];
  guint              n_fds;
  gboolean           keep_stderr;
  gboolean           is_ahead;       /* nobody waits for it yet: whether it runs is for adit_process_await() to say */
} AditProcessSpec;

/* Signal "exited" (int wait_status): once, from the main loop.  Unreferencing a running process kills it. */
AditProcess *adit_process_start       (const AditProcessSpec *spec, GError **error);
gboolean     adit_process_await       (AditProcess *self, GError **error);
void         adit_process_kill        (AditProcess *self);
gboolean     adit_process_wait        (AditProcess *self, guint timeout_ms);
/* asks first, then kills; waits that long for each */
gboolean     adit_process_stop        (AditProcess *self, guint timeout_ms);
gboolean     adit_process_is_running  (AditProcess *self);
int          adit_process_get_pid     (AditProcess *self);

G_END_DECLS
