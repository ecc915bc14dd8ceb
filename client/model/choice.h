/* SPDX-License-Identifier: GPL-2.0-or-later */
/* choice.h: the settings of which server is taken, and of what a service's resolver leaves out. */
#pragma once

#include "client/model/distance.h"
#include "client/model/server-filter.h"
#include "client/model/service.h"

G_BEGIN_DECLS

#define ADIT_CHOICE_MAX_BLOCKS     16    /* of all services together */
#define ADIT_CHOICE_MAX_FAVOURITES 16

/* Of those that fit, which one. */
typedef enum
{
  ADIT_PICK_SERVICE = 0,    /* as the service has it: by weight, or the least loaded */
  ADIT_PICK_NEAREST,        /* one in the city that is nearest */
  ADIT_PICK_RANDOM,         /* each city as likely as any */
  ADIT_N_PICKS
} AditPick;

typedef struct
{
  AditPick         pick;
  AditServerFilter filter;    /* without blocks: those go by service */
} AditServerWish;

typedef struct { char service[ADIT_SERVICE_ID_MAX_BYTES], name[ADIT_CODE_MAX_BYTES]; } AditChosenBlock;
typedef struct { char service[ADIT_SERVICE_ID_MAX_BYTES]; AditPlace place; } AditFavourite;

/* All zero: as the service has it. */
typedef struct
{
  AditServerWish  servers;
  gboolean        has_near;    /* else what this computer's time zone says */
  AditPosition    near;
  AditChosenBlock blocks[ADIT_CHOICE_MAX_BLOCKS];
  guint           n_blocks;
  AditFavourite   favourites[ADIT_CHOICE_MAX_FAVOURITES];
  guint           n_favourites;
} AditChoice;

const char *const *adit_choice_get_names (void);
guint              adit_choice_get_n_server_names (void);
char             **adit_choice_dup_texts (const AditChoice *self, const char *name);
gboolean           adit_choice_set_texts (AditChoice *self, const char *name, const char *const *texts, GError **error);

guint              adit_choice_get_blocks (const AditChoice *self, const char *service,
                                           char blocks[ADIT_FILTER_MAX_BLOCKS][ADIT_CODE_MAX_BYTES]);
guint              adit_choice_get_favourites (const AditChoice *self, const char *service, AditPlace *places);

G_END_DECLS
