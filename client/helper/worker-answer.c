/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker-answer.c: which words belong to which question. */
#define G_LOG_DOMAIN "adit-worker"

#include "client/helper/worker-answer.h"

#include <string.h>
#include <unistd.h>

#include "client/helper/sealed.h"

/* What may come before the last word. */
#define TOKEN    (1u << 0)
#define LOGIN    (1u << 1)
#define LIST     (1u << 2)
#define ROWS     (1u << 3)
#define QUESTION (1u << 4)

static const struct { AditWireOp last; guint may; } words[ADIT_N_WIRE_WANTS] = {
  [ADIT_WIRE_WANT_LOG_IN]        = { ADIT_WIRE_DEVICE,    TOKEN | LOGIN | QUESTION },
  [ADIT_WIRE_WANT_ACCOUNT]       = { ADIT_WIRE_ACCOUNT,   TOKEN | LOGIN },
  [ADIT_WIRE_WANT_LIST]          = { ADIT_WIRE_DONE,      TOKEN | LOGIN | LIST },
  [ADIT_WIRE_WANT_CHOOSE]        = { ADIT_WIRE_TUNNEL,    TOKEN | LOGIN | LIST },
  [ADIT_WIRE_WANT_LOG_OUT]       = { ADIT_WIRE_DONE,      TOKEN | LOGIN },
  [ADIT_WIRE_WANT_CREATE]        = { ADIT_WIRE_DONE,      TOKEN | LOGIN | QUESTION },
  [ADIT_WIRE_WANT_VOUCHER]       = { ADIT_WIRE_ACCOUNT,   TOKEN | LOGIN },
  [ADIT_WIRE_WANT_DEVICES]       = { ADIT_WIRE_DONE,      TOKEN | LOGIN | ROWS },
  [ADIT_WIRE_WANT_REMOVE_DEVICE] = { ADIT_WIRE_DONE,      TOKEN | LOGIN },
  [ADIT_WIRE_WANT_ROTATE]        = { ADIT_WIRE_DEVICE,    TOKEN | LOGIN },
  [ADIT_WIRE_WANT_EXIT]          = { ADIT_WIRE_EXIT,      0 },
  [ADIT_WIRE_WANT_LOOK_UP]       = { ADIT_WIRE_ADDRESSES, 0 },
};

/**
 * adit_worker_answer_new:
 *
 * Returns: (transfer full): an answer of which nothing has come yet
 */
AditWorkerAnswer *
adit_worker_answer_new (void)
{
  AditWorkerAnswer *self = g_new0 (AditWorkerAnswer, 1);

  self->picture_fd = -1;
  return self;
}

/**
 * adit_worker_answer_forget:
 * @self: an answer
 *
 * Wipes what has come: another worker is asked the same.  What stands for the account from now on is kept, for the service has
 * forgotten the one before it.
 */
void
adit_worker_answer_forget (AditWorkerAnswer *self)
{
  gboolean has_login = self->has_login, may_be_heard = self->may_be_heard;
  AditWireLogin login = self->login;

  if (self->picture_fd >= 0)
    close (self->picture_fd);
  g_clear_pointer (&self->profile, adit_secret_unref);
  adit_wipe (self, sizeof *self);
  self->picture_fd = -1;
  self->has_login = self->login_is_of_before = has_login;
  self->login = login;
  self->may_be_heard = may_be_heard;
  adit_wipe (&login, sizeof login);
}

/**
 * adit_worker_answer_disbelieve:
 * @self: an answer
 *
 * Wipes what this worker has said, and keeps what one before it had.
 */
void
adit_worker_answer_disbelieve (AditWorkerAnswer *self)
{
  self->has_login = self->has_login && self->login_is_of_before;
  if (!self->has_login)
    adit_wipe (&self->login, sizeof self->login);
  adit_worker_answer_forget (self);
}

/**
 * adit_worker_answer_free:
 * @self: (nullable): an answer; wiped
 */
void
adit_worker_answer_free (AditWorkerAnswer *self)
{
  if (self == NULL)
    return;
  adit_worker_answer_forget (self);
  adit_wipe (self, sizeof *self);
  g_free (self);
}

/* The text into memory that is wiped; it goes to the worker that will stand beside openvpn, and no one here reads it. */
static AditSecret *
read_profile (int fd, gsize length)
{
  g_autofree guint8 *bytes = NULL;
  AditSecret *text;

  if (!adit_sealed_is (fd, length))
    return NULL;
  bytes = g_malloc (length);
  text = pread (fd, bytes, length, 0) == (gssize) length ? adit_secret_new (bytes, length) : NULL;
  adit_wipe (bytes, length);
  return text;
}

/* An address of the other family is an answer to another question. */
static gboolean
is_asked_family (const AditWireRequest *request, const AditWireMessage *message)
{
  guint8 family = request->look_up.family;

  for (guint i = 0; message->header.op == ADIT_WIRE_ADDRESSES && i < message->addresses.n_addresses; i++)
    if (family != ADIT_FAMILY_NONE && message->addresses.addresses[i].family != family)
      return FALSE;
  return TRUE;
}

/* By another protocol, not by way of another place, or with more left out, is not what was wanted, however well it might work. */
static gboolean
is_asked_tunnel (const AditWireRequest *request, const AditWireMessage *message)
{
  const AditWireTunnel *tunnel = &message->tunnel;

  return message->header.op != ADIT_WIRE_TUNNEL ||
         (tunnel->protocol == request->choice.protocol && tunnel->n_blocks <= request->choice.filter.n_blocks &&
          (tunnel->entry.place.server[0] != '\0') == (request->choice.has_entry != 0));
}

static const char *
take_last (AditWorkerAnswer *self, const AditWireRequest *request, const AditWireMessage *message, const int *fds)
{
  gboolean is_tunnel = message->header.op == ADIT_WIRE_TUNNEL;

  if (message->header.op != words[request->want].last || !is_asked_family (request, message) ||
      !is_asked_tunnel (request, message))
    return "answered another question";
  if (is_tunnel && message->tunnel.size_profile_bytes > 0)
    {
      self->profile = read_profile (fds[0], message->tunnel.size_profile_bytes);
      if (self->profile == NULL)
        return "sent a profile that cannot be read";
    }
  self->last = *message;
  return NULL;
}

static gboolean
tells_api (const AditWireRequest *request)
{
  const AditService *service = adit_service_find (request->service);

  return service != NULL && service->tells_api;
}

/**
 * adit_worker_answer_take:
 * @self: an answer
 * @request: the question
 * @message: a word that has been checked by itself, and is neither CONNECT nor FAILED
 * @fds: what came with it; a descriptor that is taken over is -1 after
 *
 * Each kind of word at most once, rows a few times: a worker that talks without end would keep us from everything else.
 *
 * Returns: (nullable): what is wrong with it, of a worker, or %NULL
 */
const char *
adit_worker_answer_take (AditWorkerAnswer *self, const AditWireRequest *request, const AditWireMessage *message, int *fds)
{
  guint may = words[request->want].may;

  if (request->credential[0] == '\0' && (may & LIST) != 0)
    may &= ~(TOKEN | LOGIN);    /* a list that is asked for in nobody's name */

  switch ((AditWireOp) message->header.op)
    {
    case ADIT_WIRE_TOKEN:
      if ((may & TOKEN) == 0 || self->has_token)
        return "sent a token that nobody waits for";
      self->token = message->token;
      self->has_token = TRUE;
      return NULL;

    case ADIT_WIRE_LOGIN:
      if ((may & LOGIN) == 0 || (self->has_login && !self->login_is_of_before))
        return "sent a credential that nobody waits for";
      self->login_is_of_before = FALSE;
      self->login = message->login;
      self->has_login = TRUE;
      return NULL;

    case ADIT_WIRE_QUESTION:
      if ((may & QUESTION) == 0 || self->has_question || message->question.kind == ADIT_WIRE_ASKS_WORDS)
        return "asked what nobody can answer";
      if (message->question.size_picture_bytes > 0 && !adit_sealed_is (fds[0], message->question.size_picture_bytes))
        return "sent a picture that can change";
      self->question = message->question;
      self->has_question = TRUE;
      if (message->question.size_picture_bytes > 0)
        {
          self->picture_fd = fds[0];
          fds[0] = -1;
        }
      return NULL;

    case ADIT_WIRE_DEVICE_ROW:
      if ((may & ROWS) == 0 || self->n_devices == ADIT_WIRE_MAX_DEVICES)
        return "named a device that nobody waits for";
      self->devices[self->n_devices++] = message->device_row;
      return NULL;

    case ADIT_WIRE_LIST:
      if ((may & LIST) == 0 || self->has_list)
        return "sent a server list that nobody waits for";
      self->has_list = TRUE;
      self->list = message->list;
      return NULL;

    case ADIT_WIRE_API:
      if ((may & LIST) == 0 || self->has_api || !tells_api (request))
        return "named addresses that nobody waits for";
      self->has_api = TRUE;
      self->api = message->api;
      return NULL;

    default:
      return take_last (self, request, message, fds);
    }
}
