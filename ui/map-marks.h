/* SPDX-License-Identifier: GPL-2.0-or-later */
/* map-marks.h: what is marked on the map, and the same in words. */
#pragma once

#include "client/api/status.h"
#include "client/model/server-list.h"
#include "ui/outlines.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_MARK_NONE = 0,    /* nobody knows where */
  ADIT_MARK_COUNTRY,     /* somewhere in it */
  ADIT_MARK_PLACE
} AditMarkKind;

typedef struct
{
  AditMarkKind kind;
  AditMapPoint point;
} AditMark;

typedef struct
{
  AditMark entry, exit;    /* of a way by one server, the exit alone */
  gboolean is_connected;
} AditMarks;

void  adit_marks_find  (AditMarks *self, const AditStatus *status, const AditPlace *wanted, AditServerList *list,
                        AditOutlines *outlines);
gboolean adit_marks_equal (const AditMarks *a, const AditMarks *b);
char *adit_marks_dup_words (const AditMarks *self, const AditStatus *status);

G_END_DECLS
