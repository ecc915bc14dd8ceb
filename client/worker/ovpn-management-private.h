/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-management-private.h: what the talk consists of, for the files that lead it. */
#pragma once

#include "client/worker/ovpn-management.h"
#include "client/worker/ovpn-reason.h"

G_BEGIN_DECLS

#define ADIT_OVPN_OUTPUT_MAX_BYTES 16384
#define ADIT_OVPN_SIGNAL_TERM      "signal SIGTERM"

typedef enum { ADIT_OVPN_NO_BLOCK, ADIT_OVPN_UP_BLOCK, ADIT_OVPN_OTHER_BLOCK } AditOvpnBlock;

struct _AditOvpnManagement
{
  AditOvpnAnswers       answers;        /* with references of our own */
  gboolean              released, assigned, connected, restarting, over;
  gboolean              heard, mistaken;    /* by the server, which has answered, or for somebody else */
  gboolean              leaving;        /* it was asked to end, by us */
  gboolean              answered;       /* the answer to a question was given; it holds once */
  const AditOvpnReason *reason;         /* the best explanation so far */
  AditOvpnBlock         block;          /* of environment */
  guint                 n_env_lines;
  AditOvpnEnvironment   environment;
  GQueue                events;         /* of AditOvpnEvent */
  gsize                 line_length, output_length;
  char                  line[ADIT_OVPN_LINE_MAX_BYTES + 1];
  guint8                output[ADIT_OVPN_OUTPUT_MAX_BYTES];
};

AditOvpnEvent *adit_ovpn_management_add_event (AditOvpnManagement *self, AditOvpnEventKind kind);
void           adit_ovpn_management_end       (AditOvpnManagement *self, AditError code, const char *sentence);
void           adit_ovpn_management_end_for   (AditOvpnManagement *self, const AditOvpnReason *reason, guint pause_s);
void           adit_ovpn_management_restart   (AditOvpnManagement *self, const AditOvpnReason *reason);
void           adit_ovpn_management_say       (AditOvpnManagement *self, const char *text);
void           adit_ovpn_management_say_bytes (AditOvpnManagement *self, const void *bytes, gsize length);

/* ovpn-lines.c */
void           adit_ovpn_management_end_for_nonsense (AditOvpnManagement *self);
void           adit_ovpn_management_take_line        (AditOvpnManagement *self, const char *line);

/* ovpn-asked.c: ">PASSWORD:" and ">INFOMSG:", which bring questions, and everything that holds a secret */
void           adit_ovpn_management_take_password (AditOvpnManagement *self, const char *text);
void           adit_ovpn_management_take_message  (AditOvpnManagement *self, const char *text);

G_END_DECLS
