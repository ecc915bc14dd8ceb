/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine.h: a computer with a helper as one small value, and what each event does to it.
 *
 * The table is the product's own, copied cell by cell through its functions so that a test can break the copy.  What walks the
 * table is a model, and machine.c is the one place that states it; each function there names the product's function. */
#pragma once

#include "client/core/session-table.h"

G_BEGIN_DECLS

/* What a connection sets up, in this order (client/core/attempt.c). */
#define PART_DEVICE 1u
#define PART_ROUTE  2u    /* addresses, routes, rules, kernel settings */
#define PART_DNS    4u

typedef enum { STAGE_NONE = 0, STAGE_OFFER, STAGE_DEVICE, STAGE_HANDSHAKE, STAGE_UP } Stage;
typedef enum { TIMER_NONE = 0, TIMER_PAUSE, TIMER_RETRY } Timer;
typedef enum { WISH_ABSENT = 0, WISH_DISCONNECTED, WISH_CONNECTED, WISH_CORRUPT } WishFile;
typedef enum { SETTINGS_ABSENT = 0, SETTINGS_OFF, SETTINGS_ON, SETTINGS_CORRUPT, SETTINGS_MARK_ONLY } SettingsFile;

/* All reasons, as far as anything depends on them: client/core/session.c, is_passing() and handle(). */
typedef enum { WHY_NONE = 0, WHY_STARTING, WHY_SETTINGS_LOST, WHY_LASTING, WHY_PASSING, WHY_LOCK_FAILED, WHY_OFFLINE,
               N_WHYS } Why;

typedef struct
{
  /* The helper's memory; all zero while it is dead. */
  guint alive     : 1;
  guint state     : 3;
  guint why       : 3;
  guint wish      : 1;
  guint lockdown  : 1;
  guint stage     : 3;
  guint cancelled : 1;    /* an attempt still owes its last word */
  guint timer     : 2;
  guint shell     : 1;    /* on_remove_shell() is due */
  guint lost      : 1;    /* what was wanted last is not known */
  guint refused   : 1;    /* the last lock was not taken */
  guint paused    : 1;
  /* The kernel's, and /etc's. */
  guint lock      : 2;
  guint peer      : 1;    /* whether it lets the tunnel's own packets through to a known peer */
  guint parts     : 3;    /* set up, or noted in the journal as about to be */
  guint stuck     : 3;    /* of these, what could not be undone and was told */
  /* The disk's. */
  guint wish_file : 2;
  guint settings  : 3;
  guint pause_file : 1;
  /* What the user was last answered yes to.  Known to the promises alone; nothing in the model acts on it. */
  guint asked_open     : 1;
  guint asked_lockdown : 1;
  guint asked_pause    : 1;    /* and its time is not over */
} Config;

/* Wrong orders, which no table can express: to show that the promises see them. */
typedef enum
{
  FAULT_NONE = 0,
  FAULT_UNDO_FIRST,       /* start-up undoes, then locks */
  FAULT_QUIET,            /* start-up believes the absence of a lock more than the wish */
  FAULT_DEVICE_FIRST,     /* the device, then the lock */
  FAULT_OPEN_FIRST,       /* the lock goes, then the rest */
  FAULT_NO_RETRY,         /* nobody tries again */
  FAULT_STAYS_OFFLINE,    /* nor when a link comes back */
  FAULT_IDLE,             /* a retry changes the state and begins no attempt */
  FAULT_UNDO_UNLOCKED,    /* what keeps packets in goes although the lock was refused */
  FAULT_NO_WAIT,          /* an attempt that is under way is not waited for */
  FAULT_ABSENCE,          /* a wish that is gone is taken for a disconnect */
} Fault;

typedef struct
{
  AditState next[ADIT_N_STATES][ADIT_N_EVENTS];
  AditLock  lock[ADIT_N_STATES][2];    /* without and with lockdown */
  Fault     fault;
} Machine;

typedef enum
{
  HAPPENS_CONNECT = 0,
  HAPPENS_DISCONNECT,
  HAPPENS_LOCKDOWN_ON,
  HAPPENS_LOCKDOWN_OFF,
  HAPPENS_PAUSE,
  HAPPENS_PAUSE_ENDS,                                      /* by the user or by the clock */
  HAPPENS_OFFER,
  HAPPENS_DEVICE_STARTED,
  HAPPENS_HANDSHAKE,
  HAPPENS_TRY_FAILS,
  HAPPENS_GIVES_UP,
  HAPPENS_GIVES_UP_FOR_LONG,
  HAPPENS_LAST_WORD,
  HAPPENS_PAUSE_OVER,
  HAPPENS_RETRY_DUE,
  HAPPENS_SHELL_DUE,
  HAPPENS_ONLINE,
  HAPPENS_LOCK_REMOVED,
  HAPPENS_STRAY,                                           /* one for each event of the table, out of the blue */
  HAPPENS_KILL = HAPPENS_STRAY + ADIT_N_EVENTS,
  HAPPENS_START,
  HAPPENS_START_FAILS,
  HAPPENS_RECOVER,
  HAPPENS_RECOVER_OPEN,
  HAPPENS_DEVICE_ENDS,
  HAPPENS_FLUSH,
  HAPPENS_REBOOT,
  HAPPENS_PAUSE_RUNS_OUT,
  HAPPENS_SETTINGS_CORRUPT,
  HAPPENS_SETTINGS_DELETED,
  HAPPENS_WISH_CORRUPT,
  HAPPENS_WISH_DELETED,
  N_HAPPENINGS
} Happening;

typedef enum { EFFECT_LOCK = 0, EFFECT_SET_UP, EFFECT_UNDO, EFFECT_SAVE_WISH, EFFECT_SAVE_SETTINGS } Effect;

typedef enum { CHOICE_GOES = 0, CHOICE_OTHER, CHOICE_DIES } Choice;

#define LOCK_HAS_PEER 8u    /* beside an AditLock */
#define MAX_CHOICES   24

typedef enum { NOT_RECOVERING = 0, RECOVERING, RECOVERING_OPEN } Recovering;

/* One event from its first effect to its last.  Where something may go either way the script says which; machine_run() walks one
 * script, run_next_script() goes on to the next until all are done. */
typedef struct
{
  const Machine *machine;
  Config         from, config, at_death;
  guint8         script[MAX_CHOICES], limit[MAX_CHOICES];
  guint          n_scripted, n_choices;
  gboolean       died;
  gboolean       smooth;       /* nothing failed and nobody was killed */
  gboolean       retrying, starting;
  Recovering     recovering;
  const char    *broken;       /* (nullable): the promise */
  GString       *story;        /* (nullable): each effect in words */
} Run;

void        machine_init (Machine *self);
void        machine_run  (Run *run, const Config *from, Happening what);

guint       run_choose      (Run *run, guint limit);
void        run_tell        (Run *run, const char *format, ...) G_GNUC_PRINTF (2, 3);
gboolean    run_effect      (Run *run, Effect what, guint value);
gboolean    run_next_script (Run *run);

gboolean    happening_is_possible (Happening what, const Config *config);
gboolean    happening_is_users    (Happening what);
const char *happening_get_nick    (Happening what);

gboolean    config_is_running    (const Config *config);
void        config_forget_memory (Config *config);
char       *config_dup_text      (const Config *config);
guint64     config_pack          (const Config *config);

G_END_DECLS
