/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-worker-answer.c: what a worker may say to a question, how often, and what stays of it. */
#include "client/helper/worker-answer.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static AditWireMessage message;

static const AditWireMessage *
say (AditWireOp op)
{
  adit_wire_begin (&message, op, 1);
  return &message;
}

static const char *
take (AditWorkerAnswer *answer, AditWireWant want, AditWireOp op, int fd)
{
  AditWireRequest request = { .want = want, .credential = "1234", .service = "mullvad" };

  return adit_worker_answer_take (answer, &request, say (op), &fd);
}

/* Every word to every question, as long as it is the first: each row of the table by itself. */
static void
test_table (void)
{
  static const struct { AditWireWant want; const char *ops; } rows[] = {
    /* t token, l login, s list, p where its API is, d device row, q question, and the last word */
    { ADIT_WIRE_WANT_LOG_IN, "tlqV" }, { ADIT_WIRE_WANT_ACCOUNT, "tlA" }, { ADIT_WIRE_WANT_LIST, "tlspD" },
    { ADIT_WIRE_WANT_CHOOSE, "tlspT" }, { ADIT_WIRE_WANT_LOG_OUT, "tlD" }, { ADIT_WIRE_WANT_CREATE, "tlqD" },
    { ADIT_WIRE_WANT_VOUCHER, "tlA" }, { ADIT_WIRE_WANT_DEVICES, "tldD" }, { ADIT_WIRE_WANT_REMOVE_DEVICE, "tlD" },
    { ADIT_WIRE_WANT_ROTATE, "tlV" }, { ADIT_WIRE_WANT_EXIT, "E" }, { ADIT_WIRE_WANT_LOOK_UP, "N" },
    /* other proxies ask these: nothing may be said here */
    { ADIT_WIRE_WANT_OPENVPN, "" }, { ADIT_WIRE_WANT_IMPORT, "" }, { ADIT_WIRE_WANT_SERVER, "" },
    { ADIT_WIRE_WANT_REPORT, "" }, { ADIT_WIRE_WANT_SEND, "" },
    { ADIT_WIRE_WANT_PICTURE, "" },
  };
  static const struct { char letter; AditWireOp op; } ops[] = {
    { 't', ADIT_WIRE_TOKEN }, { 'l', ADIT_WIRE_LOGIN }, { 's', ADIT_WIRE_LIST }, { 'd', ADIT_WIRE_DEVICE_ROW },
    { 'p', ADIT_WIRE_API },
    { 'V', ADIT_WIRE_DEVICE }, { 'A', ADIT_WIRE_ACCOUNT }, { 'T', ADIT_WIRE_TUNNEL }, { 'D', ADIT_WIRE_DONE },
    { 'E', ADIT_WIRE_EXIT }, { 'N', ADIT_WIRE_ADDRESSES },
  };

  g_assert_cmpuint (G_N_ELEMENTS (rows), ==, ADIT_N_WIRE_WANTS - 1);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint j = 0; j < G_N_ELEMENTS (ops); j++)
      {
        g_autoptr (AditWorkerAnswer) answer = adit_worker_answer_new ();
        const char *wrong = take (answer, rows[i].want, ops[j].op, -1);
        gboolean may = strchr (rows[i].ops, ops[j].letter) != NULL;

        if ((wrong == NULL) != may)
          g_error ("want %u, word %u: %s", rows[i].want, ops[j].op, wrong != NULL ? wrong : "taken");
        g_assert_true ((answer->last.header.op == ops[j].op) == (may && g_ascii_isupper (ops[j].letter)));
      }
}

static void
test_once (void)
{
  static const AditWireOp asides[] = { ADIT_WIRE_TOKEN, ADIT_WIRE_LOGIN, ADIT_WIRE_LIST, ADIT_WIRE_API };

  for (guint i = 0; i < G_N_ELEMENTS (asides); i++)
    {
      g_autoptr (AditWorkerAnswer) answer = adit_worker_answer_new ();

      g_assert_null (take (answer, ADIT_WIRE_WANT_LIST, asides[i], -1));
      g_assert_nonnull (take (answer, ADIT_WIRE_WANT_LIST, asides[i], -1));
    }
}

/* Whoever was lent nothing has no token to tell, but for a new sign-in. */
static void
test_nobody (void)
{
  static const AditWireWant wants[] = { ADIT_WIRE_WANT_LIST, ADIT_WIRE_WANT_CHOOSE };

  for (guint i = 0; i < G_N_ELEMENTS (wants); i++)
    {
      AditWireRequest request = { .want = wants[i] };
      g_autoptr (AditWorkerAnswer) answer = adit_worker_answer_new ();
      int fd = -1;

      g_assert_nonnull (adit_worker_answer_take (answer, &request, say (ADIT_WIRE_TOKEN), &fd));
      g_assert_nonnull (adit_worker_answer_take (answer, &request, say (ADIT_WIRE_LOGIN), &fd));
      g_assert_null (adit_worker_answer_take (answer, &request, say (ADIT_WIRE_LIST), &fd));
    }
}

/* A service that says no such thing has a worker that lies. */
static void
test_untold (void)
{
  AditWireRequest request = { .want = ADIT_WIRE_WANT_LIST, .service = "ovpn" };
  g_autoptr (AditWorkerAnswer) answer = adit_worker_answer_new ();
  int fd = -1;

  g_assert_nonnull (adit_worker_answer_take (answer, &request, say (ADIT_WIRE_API), &fd));
}

static void
test_devices (void)
{
  g_autoptr (AditWorkerAnswer) answer = adit_worker_answer_new ();

  for (guint i = 0; i < ADIT_WIRE_MAX_DEVICES; i++)
    g_assert_null (take (answer, ADIT_WIRE_WANT_DEVICES, ADIT_WIRE_DEVICE_ROW, -1));
  g_assert_nonnull (take (answer, ADIT_WIRE_WANT_DEVICES, ADIT_WIRE_DEVICE_ROW, -1));
  g_assert_cmpuint (answer->n_devices, ==, ADIT_WIRE_MAX_DEVICES);
}

/* Of a worker that is asked again only the credential counts: the service has forgotten the one before. */
static void
test_forget (void)
{
  AditWireRequest request = { .want = ADIT_WIRE_WANT_LIST, .credential = "first" };
  g_autoptr (AditWorkerAnswer) answer = adit_worker_answer_new ();
  int fd = -1;

  say (ADIT_WIRE_LOGIN);
  g_strlcpy (message.login.credential, "second", sizeof message.login.credential);
  g_assert_null (adit_worker_answer_take (answer, &request, &message, &fd));
  g_assert_null (take (answer, ADIT_WIRE_WANT_LIST, ADIT_WIRE_TOKEN, -1));
  adit_worker_answer_forget (answer);
  g_assert_true (answer->has_login && !answer->has_token);
  g_assert_cmpstr (answer->login.credential, ==, "second");
  say (ADIT_WIRE_LOGIN);
  g_strlcpy (message.login.credential, "third", sizeof message.login.credential);
  g_assert_null (adit_worker_answer_take (answer, &request, &message, &fd));
  g_assert_cmpstr (answer->login.credential, ==, "third");
  g_assert_nonnull (take (answer, ADIT_WIRE_WANT_LIST, ADIT_WIRE_LOGIN, -1));
}

/* What another worker has said before it stays. */
static void
test_disbelieve (void)
{
  AditWireRequest request = { .want = ADIT_WIRE_WANT_LIST, .credential = "first" };

  for (guint before = 0; before <= 1; before++)
    {
      g_autoptr (AditWorkerAnswer) answer = adit_worker_answer_new ();
      int fd = -1;

      say (ADIT_WIRE_LOGIN);
      g_strlcpy (message.login.credential, "second", sizeof message.login.credential);
      g_assert_null (adit_worker_answer_take (answer, &request, &message, &fd));
      if (before != 0)
        adit_worker_answer_forget (answer);
      g_assert_null (take (answer, ADIT_WIRE_WANT_LIST, ADIT_WIRE_TOKEN, -1));
      adit_worker_answer_disbelieve (answer);
      g_assert_false (answer->has_token);
      g_assert_true (answer->has_login == (before != 0));
      g_assert_cmpstr (answer->login.credential, ==, before != 0 ? "second" : "");
    }
}

/* Who wants to go by way of another place is not led past it, nor by way of one that was not asked for. */
static void
test_entry (void)
{
  for (guint wanted = 0; wanted <= 1; wanted++)
    for (guint told = 0; told <= 1; told++)
      {
        AditWireRequest request = { .want = ADIT_WIRE_WANT_CHOOSE, .choice.has_entry = (guint8) wanted };
        g_autoptr (AditWorkerAnswer) answer = adit_worker_answer_new ();
        int fd = -1;

        say (ADIT_WIRE_TUNNEL);
        if (told != 0)
          g_strlcpy (message.tunnel.entry.place.server, "se-got-wg-001", sizeof message.tunnel.entry.place.server);
        g_assert_true ((adit_worker_answer_take (answer, &request, &message, &fd) == NULL) == (wanted == told));
      }
}

static const char *
take_profile (AditWorkerAnswer *answer, AditProtocol wanted, int fd, guint32 size)
{
  AditWireRequest request = { .want = ADIT_WIRE_WANT_CHOOSE, .choice.protocol = (guint8) wanted };

  say (ADIT_WIRE_TUNNEL);
  message.tunnel.protocol = ADIT_PROTOCOL_OPENVPN_UDP;
  message.tunnel.size_profile_bytes = size;
  return adit_worker_answer_take (answer, &request, &message, &fd);
}

/* A profile is read only from memory that cannot change any more, and only when it was asked for. */
static void
test_profile (void)
{
  static const char text[] = "remote 192.0.2.1";
  g_autoptr (AditWorkerAnswer) other = adit_worker_answer_new (), open = adit_worker_answer_new ();
  g_autoptr (AditWorkerAnswer) piped = adit_worker_answer_new (), whole = adit_worker_answer_new ();
  int fd = memfd_create ("profile", MFD_CLOEXEC | MFD_ALLOW_SEALING), ends[2];
  const guint8 *bytes;
  gsize length;

  g_assert_cmpint (write (fd, text, sizeof text - 1), ==, sizeof text - 1);
  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_nonnull (take_profile (open, ADIT_PROTOCOL_OPENVPN_UDP, fd, sizeof text - 1));
  g_assert_nonnull (take_profile (piped, ADIT_PROTOCOL_OPENVPN_UDP, ends[0], sizeof text - 1));
  g_assert_cmpint (fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), ==, 0);
  g_assert_nonnull (take_profile (other, ADIT_PROTOCOL_WIREGUARD, fd, sizeof text - 1));
  g_assert_nonnull (take_profile (other, ADIT_PROTOCOL_OPENVPN_UDP, fd, sizeof text));
  g_assert_null (take_profile (whole, ADIT_PROTOCOL_OPENVPN_UDP, fd, sizeof text - 1));
  bytes = adit_secret_peek (whole->profile, &length);
  g_assert_cmpmem (bytes, length, text, sizeof text - 1);
  g_assert_null (open->profile);
  close (ends[0]);
  close (ends[1]);
  close (fd);
}

/* The picture stays open for whoever shows it; a question in words is openvpn's alone. */
static void
test_question (void)
{
  AditWireRequest request = { .want = ADIT_WIRE_WANT_LOG_IN };
  g_autoptr (AditWorkerAnswer) answer = adit_worker_answer_new (), words = adit_worker_answer_new ();
  int fd = memfd_create ("picture", MFD_CLOEXEC | MFD_ALLOW_SEALING), kept = fd;

  say (ADIT_WIRE_QUESTION);
  message.question.kind = ADIT_WIRE_ASKS_CAPTCHA;
  message.question.size_picture_bytes = 4;
  g_assert_cmpint (write (fd, "\x89PNG", 4), ==, 4);
  g_assert_nonnull (adit_worker_answer_take (answer, &request, &message, &fd));
  g_assert_cmpint (fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), ==, 0);
  g_assert_null (adit_worker_answer_take (answer, &request, &message, &fd));
  g_assert_cmpint (fd, ==, -1);
  g_assert_cmpint (answer->picture_fd, ==, kept);
  g_assert_nonnull (adit_worker_answer_take (answer, &request, &message, &fd));
  say (ADIT_WIRE_QUESTION);
  message.question.kind = ADIT_WIRE_ASKS_WORDS;
  g_assert_nonnull (adit_worker_answer_take (words, &request, &message, &fd));
}

/* A resolver that leaves out more than was asked for is not the one that was wanted; one that cannot do all of it is told. */
static void
test_blocks (void)
{
  for (guint n = 0; n <= 3; n++)
    {
      g_autoptr (AditWorkerAnswer) answer = adit_worker_answer_new ();
      AditWireRequest request = { .want = ADIT_WIRE_WANT_CHOOSE, .choice.filter.n_blocks = 2 };
      int fd = -1;

      (void) say (ADIT_WIRE_TUNNEL);
      message.tunnel.n_blocks = n;
      g_assert_true ((adit_worker_answer_take (answer, &request, &message, &fd) == NULL) == (n <= 2));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/worker-answer/table", test_table);
  g_test_add_func ("/worker-answer/once", test_once);
  g_test_add_func ("/worker-answer/nobody", test_nobody);
  g_test_add_func ("/worker-answer/untold", test_untold);
  g_test_add_func ("/worker-answer/devices", test_devices);
  g_test_add_func ("/worker-answer/forget", test_forget);
  g_test_add_func ("/worker-answer/disbelieve", test_disbelieve);
  g_test_add_func ("/worker-answer/entry", test_entry);
  g_test_add_func ("/worker-answer/blocks", test_blocks);
  g_test_add_func ("/worker-answer/profile", test_profile);
  g_test_add_func ("/worker-answer/question", test_question);
  return g_test_run ();
}
