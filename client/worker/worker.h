/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker.h: what every role has: one socket, one request, one deadline, and nothing else. */
#pragma once

#include "client/wire/channel.h"

G_BEGIN_DECLS

typedef struct
{
  int             socket;
  guint32         attempt;
  gint64          end_us;      /* monotonic; no waiting goes beyond it */
  AditWireMessage request;     /* checked */
  gint64          service_time_s;       /* by the service's last answer; 0: it did not say */
  int             list_fd, trust_fd, openvpn_trust_fd, profile_fd, files_fd, note_fd;    /* -1 where there is none */
  guint           pause_s;              /* what a failure says about the next try */
} AditWorker;

gboolean adit_worker_is_confined     (GError **error);
gboolean adit_worker_has_note        (void);
gboolean adit_worker_receive_request (AditWorker *self, int socket, GError **error);
void     adit_worker_clear           (AditWorker *self);
guint    adit_worker_get_left_ms     (AditWorker *self);
int      adit_worker_connect         (AditWorker *self, const AditEndpoint *endpoint, GError **error);
int      adit_worker_receive_fd      (AditWorker *self, AditWireOp op, GError **error);
gboolean adit_worker_borrow_module   (AditWorker *self, const AditWireMessage *question, int *program, int *debug,
                                      GError **error);
gboolean adit_worker_send            (AditWorker *self, const AditWireMessage *message, int fd, GError **error);
gboolean adit_worker_send_with       (AditWorker *self, const AditWireMessage *message, const int *fds, guint n_fds,
                                      GError **error);
void     adit_worker_send_failed     (AditWorker *self, const GError *failure);

G_END_DECLS
