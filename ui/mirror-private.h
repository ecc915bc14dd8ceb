/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-private.h: what mirror.c keeps and mirror-calls.c changes. */
#pragma once

#include "ui/mirror.h"

G_BEGIN_DECLS

struct _AditMirror
{
  GObject          parent_instance;
  GCancellable    *cancellable;
  AditClient      *client;       /* (nullable): once there is a bus */
  GNetworkMonitor *network;      /* (nullable): GIO's own */
  AditPresence     presence;
  gboolean         asking;       /* for the bus, or for a first status */
  GError          *absence, *failure;
  char            *last_lock;    /* (nullable): what the helper said of it last */
  GFileMonitor    *traces;       /* (nullable): of a lock whose helper is away */
  GPtrArray       *accounts;     /* (nullable) (element-type AditAccountRow) */
  GPtrArray       *profiles;     /* (nullable) (element-type AditProfileRow): this person's own */
  char            *profile;      /* (nullable): the id of the chosen one */
  char            *wished;       /* (nullable): what the session is connected with, or wants to be */
  AditServerList  *list;
  GError          *list_error;   /* (nullable): why there is none */
  char             list_service[16];
  guint            n_list_calls;   /* that nothing has been answered to yet */
  AditLatencies   *latencies;    /* (nullable): of the list, where somebody had them measured */
  AditPlace        place;
  GVariant        *settings;     /* (nullable): as the helper told them last */
  AditChoice       choice;       /* what is of servers in them */
  AditMemory       memory;
  GPtrArray       *reports;        /* (nullable) (element-type AditReportRow): this person's own */
  AditReportServerAnswer *report_server;    /* (nullable): where they go */
  GError          *reports_error;  /* (nullable): why neither is told */
  gboolean         has_near;     /* by this computer's time zone */
  AditPosition     near;
};

void      adit_mirror_tell          (AditMirror *self);
void      adit_mirror_tell_choice   (AditMirror *self);
void      adit_mirror_take_list     (AditMirror *self, AditServerList *list, GError *error);
void      adit_mirror_take_profiles (AditMirror *self, GPtrArray *profiles);
void      adit_mirror_tell_reports  (AditMirror *self);

/* mirror-calls.c */
GVariant *adit_mirror_no_options    (void);
gboolean  adit_mirror_has_form      (GVariant *answer, const char *form, GError **error);
void      adit_mirror_set_failure   (AditMirror *self, GError *error);
GVariant *adit_mirror_finish        (AditMirror *self, GObject *source, GAsyncResult *result, GUnixFDList **fds);
void      adit_mirror_call          (AditMirror *self, const char *method, GVariant *arguments, GAsyncReadyCallback callback);
void      adit_mirror_wish          (AditMirror *self, const char *method, GVariant *arguments);

/* mirror-reports.c */
void      adit_mirror_ask_reports   (AditMirror *self);
void      adit_mirror_give_leftovers (AditMirror *self);

/* mirror-memory.c */
void      adit_mirror_keep_memory   (AditMirror *self);
void      adit_mirror_remember      (AditMirror *self);
void      adit_mirror_add_recent    (AditMirror *self);
void      adit_mirror_add_tunnel    (AditMirror *self, GVariantBuilder *place);

/* mirror-sign-in.c */
typedef gpointer (*AditMirrorReader) (GVariant *answer, GUnixFDList *fds, GError **error);

void      adit_mirror_ask           (AditMirror *self, GTask *task, const char *method, GVariant *arguments, AditSecret *secret,
                                     AditMirrorReader read, GDestroyNotify free_answer);
GTask    *adit_mirror_task_new      (AditMirror *self, gpointer tag, GAsyncReadyCallback callback, gpointer user_data);

/* mirror-profiles.c */
void      adit_mirror_ask_profiles  (AditMirror *self);
void      adit_mirror_follow_wish   (AditMirror *self);

G_END_DECLS
