/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-role.c: one try of openvpn: turns a profile into its configuration, then stands between its management socket and the
 * helper, until one of them ends.  Openvpn itself is the helper's child; this process only talks. */
#define G_LOG_DOMAIN "adit-worker"
#include "client/worker/roles.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/worker/list-file.h"
#include "client/worker/ovpn-management.h"
#include "client/worker/ovpn-read.h"
#include "client/worker/ovpn-write.h"

#define PAUSE_WAIT_MS 2000    /* openvpn tells its pause within milliseconds of its restart */
#define READ_BYTES    4096

/* Who goes in the middle of a handshake stays in the server's memory for a minute.  Where the next socket, or the router on its
 * way, gets the same port, that server answers to the other one, and openvpn would ask it again and again.  It does so after 2 s
 * for the first time: a server that has not answered to us by then is left, for a try from another port. */
#define MISTAKEN_WAIT_MS 3000
#define FAREWELL_MS      (ADIT_WIRE_FAREWELL_MS + 50)    /* the helper, where there is one, gives up before and ends both */

G_STATIC_ASSERT (ADIT_WIRE_CREDENTIAL_MAX_BYTES >= ADIT_OPENVPN_CREDENTIAL_MAX_BYTES);
G_STATIC_ASSERT (ADIT_WIRE_PAUSE_MAX_S >= ADIT_OVPN_PAUSE_MAX_S);
G_STATIC_ASSERT (ADIT_WIRE_HANDLE_MAX_BYTES == ADIT_OVPN_CHALLENGE_MAX_BYTES);
G_STATIC_ASSERT (ADIT_OPENVPN_TEXT_MAX_BYTES == ADIT_OVPN_CHALLENGE_MAX_BYTES);
G_STATIC_ASSERT (ADIT_WIRE_TEXT_MAX_BYTES >= ADIT_IMPORT_FILE_MAX_BYTES);

typedef struct
{
  AditWorker         *worker;
  AditOvpnManagement *talk;
  int                 management;
  AditWireOp          before;             /* the last message of either side */
  AditAddress         dns[ADIT_OPENVPN_MAX_DNS];    /* the file's own */
  guint               n_dns;
  guint64             received_bytes;
  gint64              received_us;        /* when that last grew */
  gint64              give_up_us;         /* when it has been waited for long enough; 0: never */
} Run;

static gboolean
fail (GError **error, AditError code, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, code, text);
  return FALSE;
}

static AditOpenvpnProfile *
read_profile (AditWorker *worker, GError **error)
{
  g_autoptr (AditImportReport) report = adit_import_report_new ();
  char *text = adit_list_file_read_text (worker->profile_fd, ADIT_IMPORT_FILE_MAX_BYTES, error);
  AditImportFile file = { .name = "profile", .bytes = (const guint8 *) text };
  AditOpenvpnProfile *profile;

  if (text == NULL)
    return NULL;
  file.length = strlen (text);
  profile = adit_ovpn_read (&file, NULL, 0, report);
  adit_wipe (text, file.length);
  g_free (text);
  if (profile == NULL)
    fail (error, ADIT_ERROR_STORE_FAILED, "The profile that was kept cannot be read any more");
  return profile;
}

/* The lock is made for the address, port and protocol that the helper knows; they must be those that openvpn is going to use. */
static gboolean
is_as_locked (const AditOpenvpnProfile *profile, const AditWireOpenvpn *wanted)
{
  const AditOpenvpnRemote *remote = wanted->remote_number < profile->n_remotes ? &profile->remotes[wanted->remote_number] : NULL;

  return remote != NULL && remote->host.port == wanted->remote.port &&
         (remote->transport == ADIT_OPENVPN_TCP) == (wanted->over_tcp != 0) &&
         (profile->proxy != ADIT_OPENVPN_NO_PROXY) == (wanted->proxy.port != 0) &&
         (wanted->proxy.port == 0 || wanted->proxy.port == profile->proxy_host.port);
}

static gboolean
send_configuration (Run *self, const AditOpenvpnProfile *profile, GError **error)
{
  const AditWireOpenvpn *wanted = &self->worker->request.request.openvpn;
  const AditOvpnLaunch launch = {
    .remote = wanted->remote_number, .remote_address = wanted->remote.address, .proxy_address = wanted->proxy.address,
    .device = wanted->device, .management_path = wanted->management_path, .management_connect = TRUE,
  };
  g_autoptr (AditSecret) text = NULL;
  AditWireMessage message;
  gboolean sent;
  int fd;

  if (!is_as_locked (profile, wanted))
    return fail (error, ADIT_ERROR_WORKER_FAILED, "The profile has no such server");
  text = adit_ovpn_write (profile, &launch, error);
  fd = text != NULL ? adit_list_file_seal_secret (text, error) : -1;
  if (fd < 0)
    return FALSE;
  adit_wire_begin (&message, ADIT_WIRE_CONFIGURATION, self->worker->attempt);
  message.configuration.size_bytes = (guint32) adit_secret_get_size (text);
  sent = adit_worker_send (self->worker, &message, fd, error);
  close (fd);
  self->before = ADIT_WIRE_CONFIGURATION;
  return sent;
}

/* What a person typed now, or else what was in the file. */
static AditSecret *
lend (const char *typed, AditSecret *kept)
{
  if (typed[0] != '\0')
    return adit_secret_new (typed, strlen (typed));
  return kept != NULL ? adit_secret_ref (kept) : NULL;
}

static AditOvpnManagement *
begin_talk (const AditWireOpenvpn *wanted, const char *token, const AditOpenvpnProfile *profile)
{
  g_autoptr (AditSecret) username = lend (wanted->username, profile->username);
  /* Who has a name of their own does not get the file's password with it; an empty one is one. */
  g_autoptr (AditSecret) password = wanted->username[0] != '\0' && wanted->password[0] == '\0'
                                    ? adit_secret_new ("", 0) : lend (wanted->password, profile->password);
  g_autoptr (AditSecret) answer = lend (wanted->answer, NULL), passphrase = lend (wanted->passphrase, NULL);
  g_autoptr (AditSecret) question = lend (wanted->question, NULL), kept_token = lend (token, NULL);
  g_autoptr (AditSecret) proxy_username = lend (wanted->proxy_username, profile->proxy_username);
  g_autoptr (AditSecret) proxy_password = lend (wanted->proxy_password, profile->proxy_password);
  const AditOvpnAnswers answers = {
    .username = username, .password = password, .token = kept_token, .answer = answer, .question = question,
    .passphrase = passphrase, .proxy_username = proxy_username, .proxy_password = proxy_password,
    .remote = wanted->remote, .proxy = wanted->proxy, .tcp = wanted->over_tcp != 0,
  };

  return adit_ovpn_management_new (&answers);
}

/* Everything out of turn would be our mistake, or that of whoever has taken openvpn over. */
static gboolean
say (Run *self, AditWireMessage *message, GError **error)
{
  AditWireOp op = (AditWireOp) message->header.op;

  if (!adit_wire_may_follow (ADIT_WIRE_WANT_OPENVPN, self->before, op))
    return fail (error, ADIT_ERROR_TUNNEL_FAILED, "openvpn said what it does not say");
  if (!adit_wire_is_aside (op))
    self->before = op;
  return adit_worker_send (self->worker, message, -1, error);
}

static void
add_resolver (AditWireAssigned *assigned, const AditAddress *address)
{
  gboolean has_family = FALSE;

  for (guint i = 0; i < assigned->n_dns; i++)
    if (adit_address_equal (&assigned->dns[i], address))
      return;
  for (guint i = 0; i < assigned->n_addresses; i++)
    has_family |= assigned->addresses[i].address.family == address->family;
  if (has_family && assigned->n_dns < ADIT_TUNNEL_MAX_DNS && adit_address_is_unicast (address))
    assigned->dns[assigned->n_dns++] = *address;
}

/* The file's resolvers come before the server's, as openvpn itself has it. */
static gboolean
say_assigned (Run *self, const AditOvpnAssigned *found, GError **error)
{
  AditWireMessage message;
  AditWireAssigned *assigned = &message.assigned;

  adit_wire_begin (&message, ADIT_WIRE_ASSIGNED, self->worker->attempt);
  memcpy (assigned->addresses, found->addresses, sizeof assigned->addresses);
  assigned->n_addresses = found->n_addresses;
  assigned->mtu_bytes = found->mtu_bytes;
  for (guint i = 0; i < self->n_dns; i++)
    add_resolver (assigned, &self->dns[i]);
  for (guint i = 0; i < found->n_dns; i++)
    add_resolver (assigned, &found->dns[i]);
  return say (self, &message, error);
}

static gboolean
say_progress (Run *self, const AditOvpnEvent *event, GError **error)
{
  gint64 now_us = g_get_monotonic_time ();
  AditWireMessage message;

  if (event->received_bytes > self->received_bytes)
    self->received_us = now_us;
  self->received_bytes = event->received_bytes;
  adit_wire_begin (&message, ADIT_WIRE_PROGRESS, self->worker->attempt);
  message.progress.received_bytes = event->received_bytes;
  message.progress.sent_bytes = event->sent_bytes;
  message.progress.age_ms = (guint32) MIN ((now_us - self->received_us) / 1000, (gint64) G_MAXUINT32);
  return say (self, &message, error);
}

/* The talk's last event; a person has to answer before there can be another try. */
static gboolean
say_question (Run *self, const AditOvpnEvent *event, GError **error)
{
  AditWireMessage message;

  adit_wire_begin (&message, ADIT_WIRE_QUESTION, self->worker->attempt);
  g_strlcpy (message.question.text, event->text, sizeof message.question.text);
  if (event->secret != NULL)
    adit_secret_copy_to (event->secret, message.question.handle, sizeof message.question.handle - 1);
  message.question.echo = event->echo ? 1 : 0;
  return say (self, &message, error) &&
         fail (error, ADIT_ERROR_ANSWER_NEEDED, "The server asks for an answer beside the password");
}

/* openvpn uses it by itself while it runs.  One that could not be said again is not kept: the next try signs in anew. */
static gboolean
say_token (Run *self, AditSecret *token, GError **error)
{
  AditWireMessage message;
  gboolean said;

  if (adit_secret_get_size (token) == 0 || adit_secret_get_size (token) > ADIT_OVPN_TOKEN_MAX_BYTES)
    return TRUE;
  adit_wire_begin (&message, ADIT_WIRE_AUTH_TOKEN, self->worker->attempt);
  adit_secret_copy_to (token, message.auth_token.token, sizeof message.auth_token.token - 1);
  for (const char *p = message.auth_token.token; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p))
      return TRUE;
  said = say (self, &message, error);
  adit_wipe (&message, sizeof message);
  return said;
}

static gboolean
handle (Run *self, const AditOvpnEvent *event, GError **error)
{
  AditWireMessage message;

  switch (event->kind)
    {
    case ADIT_OVPN_ASSIGNED:
      return say_assigned (self, &event->assigned, error);

    case ADIT_OVPN_CONNECTED:
      self->received_us = g_get_monotonic_time ();
      adit_wire_begin (&message, ADIT_WIRE_RUNNING, self->worker->attempt);
      return say (self, &message, error);

    case ADIT_OVPN_COUNTED:
      return say_progress (self, event, error);

    case ADIT_OVPN_RESTARTING:
      self->give_up_us = g_get_monotonic_time () + PAUSE_WAIT_MS * 1000;
      return TRUE;

    case ADIT_OVPN_MISTAKEN:
      self->give_up_us = g_get_monotonic_time () + MISTAKEN_WAIT_MS * 1000;
      return TRUE;

    case ADIT_OVPN_HEARD:
      self->give_up_us = 0;
      return TRUE;

    case ADIT_OVPN_QUESTION:
      return say_question (self, event, error);

    case ADIT_OVPN_ENDED:
      self->worker->pause_s = event->pause_s;
      return fail (error, event->error, event->sentence);

    case ADIT_OVPN_TOKEN:
      return say_token (self, event->secret, error);

    case ADIT_OVPN_NOTHING:
    default:
      return TRUE;
    }
}

static gboolean
handle_all (Run *self, GError **error)
{
  gboolean going_on = TRUE;

  while (going_on)
    {
      g_auto (AditOvpnEvent) event = { 0 };

      if (!adit_ovpn_management_take_event (self->talk, &event))
        break;
      going_on = handle (self, &event, error);
    }
  return going_on;
}

static void
read_management (Run *self)
{
  guint8 bytes[READ_BYTES];
  gssize n = recv (self->management, bytes, sizeof bytes, MSG_DONTWAIT);

  if (n > 0)
    adit_ovpn_management_feed (self->talk, bytes, (gsize) n);
  else if (n == 0 || (errno != EAGAIN && errno != EINTR))
    adit_ovpn_management_close (self->talk);
  adit_wipe (bytes, sizeof bytes);
}

static void
write_management (Run *self)
{
  gsize length;
  const guint8 *bytes = adit_ovpn_management_peek_output (self->talk, &length);
  gssize n = length > 0 ? send (self->management, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL) : 0;

  /* An openvpn that is gone is seen when it is read from: it may have said why before. */
  if (n > 0)
    adit_ovpn_management_drop_output (self->talk, (gsize) n);
}

static int
get_wait_ms (const Run *self)
{
  gint64 left_ms = (self->give_up_us - g_get_monotonic_time ()) / 1000;

  return self->give_up_us == 0 ? -1 : (int) CLAMP (left_ms, 0, MAX (PAUSE_WAIT_MS, MISTAKEN_WAIT_MS));
}

/* Until the talk is over, or the helper hangs up, which is how it ends one: TRUE then. */
static gboolean
go_on (Run *self, GError **error)
{
  for (;;)
    {
      struct pollfd fds[] = {
        { .fd = self->worker->socket, .events = POLLIN }, { .fd = self->management, .events = POLLIN },
      };
      gsize length;
      int ready;

      write_management (self);
      if (!handle_all (self, error))
        return FALSE;
      adit_ovpn_management_peek_output (self->talk, &length);
      if (length > 0)
        fds[1].events |= POLLOUT;
      ready = poll (fds, G_N_ELEMENTS (fds), get_wait_ms (self));
      if (ready < 0 && errno != EINTR)
        return fail (error, ADIT_ERROR_WORKER_FAILED, "The worker cannot wait");
      if (ready == 0)
        adit_ovpn_management_close (self->talk);
      if (ready > 0 && fds[0].revents != 0)
        return TRUE;
      if (ready > 0 && (fds[1].revents & ~POLLOUT) != 0)
        read_management (self);
    }
}

/* A server that does not hear it keeps the session, and has no answer for a later one from the same port.  To be asked twice
 * makes openvpn end at once, so nobody else asks, and nobody hangs up, before it was said.  One that has ended has hung up. */
static void
say_farewell (Run *self)
{
  gint64 until_us = g_get_monotonic_time () + FAREWELL_MS * G_TIME_SPAN_MILLISECOND;

  adit_ovpn_management_leave (self->talk);
  while (!adit_ovpn_management_is_over (self->talk))
    {
      struct pollfd wait = { .fd = self->management, .events = POLLIN };
      gint64 left_ms = (until_us - g_get_monotonic_time ()) / 1000;

      write_management (self);
      if (left_ms <= 0 || (poll (&wait, 1, (int) left_ms) < 0 && errno != EINTR))
        return;
      read_management (self);
    }
}

static gboolean
openvpn_serve (AditWorker *worker, GError **error)
{
  AditWireOpenvpn *wanted = &worker->request.request.openvpn;
  g_autoptr (AditOpenvpnProfile) profile = NULL;
  Run self = { .worker = worker, .management = -1 };
  gboolean served = FALSE;

  if (worker->request.request.want != ADIT_WIRE_WANT_OPENVPN)
    return fail (error, ADIT_ERROR_WORKER_FAILED, "The helper wants what this worker cannot do");
  profile = read_profile (worker, error);
  if (profile == NULL || !send_configuration (&self, profile, error))
    return FALSE;
  memcpy (self.dns, profile->dns, sizeof self.dns);
  self.n_dns = profile->n_dns;
  self.talk = begin_talk (wanted, worker->request.request.token, profile);

  /* This process lasts as long as the tunnel: what it no longer needs it does not keep. */
  adit_wipe (wanted, sizeof *wanted);
  adit_wipe (worker->request.request.token, sizeof worker->request.request.token);
  g_clear_pointer (&profile, adit_openvpn_profile_free);
  self.management = adit_worker_receive_fd (worker, ADIT_WIRE_MANAGEMENT, error);
  if (self.management >= 0)
    {
      alarm (0);
      self.before = ADIT_WIRE_MANAGEMENT;
      served = go_on (&self, error);
      say_farewell (&self);
      write_management (&self);    /* its last word, to end openvpn in good order */
      close (self.management);
    }
  adit_ovpn_management_free (self.talk);
  return served;
}

static void
openvpn_init (void)
{
}

const AditWorkerRole adit_worker_openvpn_role = {
  .name = "openvpn",
  .sandbox = ADIT_SANDBOX_OPENVPN,
  .init = openvpn_init,
  .serve = openvpn_serve,
};
