/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bad-worker.c: a worker that somebody has taken over.  It does to the helper what the word in ADIT_BAD_WORKER_FILE says; where
 * that begins with "exit-" or "openvpn-", only when asked for the exit's address or beside openvpn: all other questions go to the
 * real worker. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <fcntl.h>

#include "client/wire/channel.h"
#include "client/wire/wire.h"
#include "tests/lab/bad-worker.h"

#define SOCKET 3    /* where the helper puts a worker's one descriptor */

static AditWireMessage request;
static int request_fds[ADIT_WIRE_MAX_FDS];

static void
say (const AditWireMessage *message, int fd)
{
  if (!adit_channel_send (SOCKET, message, &fd, fd >= 0 ? 1 : 0, NULL))
    exit (0);    /* the helper has had enough */
}

/* What the real one never sends: any bytes, with any number of descriptors. */
static void
say_raw (const void *bytes, gsize length, guint n_fds)
{
  union { struct cmsghdr align; char bytes[CMSG_SPACE (sizeof (int) * 250)]; } control = { 0 };
  struct iovec part = { (void *) bytes, length };
  struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1 };

  if (n_fds > 0)
    {
      packet.msg_control = control.bytes;
      packet.msg_controllen = CMSG_SPACE (sizeof (int) * n_fds);
      control.align.cmsg_level = SOL_SOCKET;
      control.align.cmsg_type = SCM_RIGHTS;
      control.align.cmsg_len = CMSG_LEN (sizeof (int) * n_fds);
      for (guint i = 0; i < n_fds; i++)
        memcpy (CMSG_DATA (&control.align) + i * sizeof (int), &(int) { SOCKET }, sizeof (int));
    }
  if (sendmsg (SOCKET, &packet, MSG_NOSIGNAL) < 0)
    exit (0);
}

static AditWireMessage
begin (AditWireOp op)
{
  AditWireMessage message;

  adit_wire_begin (&message, op, request.header.attempt);
  return message;
}

static AditWireMessage
good_account (void)
{
  AditWireMessage message = begin (ADIT_WIRE_ACCOUNT);

  message.account.account_expires_at_s = 4000000000;
  message.account.device_is_known = 1;
  message.account.n_addresses = 1;
  message.account.addresses[0].address = (AditAddress) { .family = ADIT_FAMILY_IPV4, .bytes = { 10, 66, 66, 66 } };
  message.account.addresses[0].prefix_bits = 32;
  return message;
}

static int
make_list (gsize size, int seals)
{
  int fd = memfd_create ("list", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd < 0 || ftruncate (fd, (off_t) size) != 0 || (seals != 0 && fcntl (fd, F_ADD_SEALS, seals) != 0))
    exit (2);
  return fd;
}

static void
say_list (guint32 size_said, int fd)
{
  AditWireMessage message = begin (ADIT_WIRE_LIST);

  message.list.size_list_bytes = size_said;
  say (&message, fd);
}

static void G_GNUC_NORETURN
wait_for_the_end (void)
{
  for (;;)
    pause ();
}

static void do_nothing (void) { }
static void do_crash   (void) { abort (); }
static void do_hang    (void) { wait_for_the_end (); }
static void do_garbage (void) { static char bytes[64] = "not one of ours"; say_raw (bytes, sizeof bytes, 0);
                                wait_for_the_end (); }
static void do_empty   (void) { say_raw ("", 0, 0); wait_for_the_end (); }
static void do_long    (void) { static char bytes[3 * ADIT_WIRE_MESSAGE_MAX_BYTES]; say_raw (bytes, sizeof bytes, 0);
                                wait_for_the_end (); }

static void
do_other_attempt (void)
{
  AditWireMessage message = good_account ();

  message.header.attempt++;
  say (&message, -1);
  wait_for_the_end ();
}

static void
do_other_answer (void)
{
  AditWireMessage message = begin (ADIT_WIRE_DONE);

  say (&message, -1);
  wait_for_the_end ();
}

/* Its own request, sent back: the helper must not be its own worker. */
static void
do_mirror (void)
{
  say_raw (&request, sizeof request.request, 0);
  wait_for_the_end ();
}

static void
do_few_descriptors (void)
{
  AditWireMessage message = good_account ();

  say_raw (&message, sizeof message.account, 2);
  wait_for_the_end ();
}

static void
do_many_descriptors (void)
{
  AditWireMessage message = good_account ();

  for (;;)
    say_raw (&message, sizeof message.account, 250);
}

static void
do_huge_count (void)
{
  AditWireMessage message = good_account ();

  message.account.n_addresses = G_MAXUINT32;
  say (&message, -1);
  wait_for_the_end ();
}

static void
do_endless_text (void)
{
  AditWireMessage message = begin (ADIT_WIRE_TOKEN);

  memset (message.token.token, 'x', sizeof message.token.token);
  message.token.expires_at_s = 4000000000;
  say (&message, -1);
  wait_for_the_end ();
}

static void
connect_to (const char *text)
{
  AditWireMessage message = begin (ADIT_WIRE_CONNECT);

  if (!adit_endpoint_parse (text, &message.connect.endpoint))
    exit (2);
  say (&message, -1);
  wait_for_the_end ();
}

static void do_other_address       (void) { connect_to ("203.0.113.80:80"); }
static void do_exit_other_port     (void) { connect_to ("203.0.113.80:80"); }
static void do_exit_neighbour      (void) { connect_to ("10.10.0.3:443"); }
static void do_exit_this_computer  (void) { connect_to ("127.0.0.1:443"); }
static void do_exit_other_resolver (void) { connect_to ("192.0.2.53:53"); }
static void do_exit_resolver_https (void) { connect_to ("10.64.0.1:443"); }

static void
do_exit_private (void)
{
  AditWireMessage message = begin (ADIT_WIRE_EXIT);

  message.exit.address = (AditAddress) { .family = ADIT_FAMILY_IPV4, .bytes = { 10, 0, 0, 1 } };
  say (&message, -1);
  wait_for_the_end ();
}

static void
answer_name (const char *first, const char *second)
{
  AditWireMessage message = begin (ADIT_WIRE_ADDRESSES);

  adit_address_parse (first, &message.addresses.addresses[message.addresses.n_addresses++]);
  if (second != NULL)
    adit_address_parse (second, &message.addresses.addresses[message.addresses.n_addresses++]);
  say (&message, -1);
  wait_for_the_end ();
}

static void do_name_private      (void) { answer_name ("10.10.0.3", NULL); }
static void do_name_beside       (void) { answer_name ("198.51.100.20", "127.0.0.1"); }
static void do_name_other_family (void) { answer_name ("2001:db8:ff::120", NULL); }
static void do_name_connect      (void) { connect_to ("203.0.113.80:443"); }

static void
do_many_connections (void)
{
  AditWireMessage message = begin (ADIT_WIRE_CONNECT);

  message.connect.endpoint = request.request.api[0];
  for (;;)
    say (&message, -1);
}

static void
do_many_tokens (void)
{
  AditWireMessage message = begin (ADIT_WIRE_TOKEN);

  memset (message.token.token, 'x', 100);
  message.token.expires_at_s = 4000000000;
  for (;;)
    say (&message, -1);
}

static void
do_many_lists (void)
{
  int fd = make_list (ADIT_WIRE_LIST_MAX_BYTES, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);

  for (;;)
    say_list (ADIT_WIRE_LIST_MAX_BYTES, fd);
}

/* Each is as it should be, and none was asked for. */
static void
do_list_unasked (void)
{
  AditWireMessage message = good_account ();

  say_list (8192, make_list (8192, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE));
  say (&message, -1);
  wait_for_the_end ();
}

static void
do_token_unasked (void)
{
  AditWireMessage message = begin (ADIT_WIRE_TOKEN), last = begin (ADIT_WIRE_DONE);

  memset (message.token.token, 'x', 100);
  message.token.expires_at_s = 4000000000;
  say (&message, -1);
  say (&last, -1);
  wait_for_the_end ();
}

/* One of the messages that it could send, as it should be. */
static gsize
make_any (AditWireMessage *message, guint kind)
{
  static const AditWireOp ops[] = { ADIT_WIRE_ACCOUNT, ADIT_WIRE_TOKEN, ADIT_WIRE_CONNECT, ADIT_WIRE_LIST, ADIT_WIRE_DEVICE,
                                    ADIT_WIRE_TUNNEL, ADIT_WIRE_DONE, ADIT_WIRE_FAILED, ADIT_WIRE_EXIT,
                                    ADIT_WIRE_CONFIGURATION, ADIT_WIRE_ASSIGNED, ADIT_WIRE_RUNNING, ADIT_WIRE_PROGRESS };

  kind %= G_N_ELEMENTS (ops);
  *message = ops[kind] == ADIT_WIRE_ACCOUNT ? good_account () : begin (ops[kind]);
  if (ops[kind] == ADIT_WIRE_CONNECT)
    message->connect.endpoint = request.request.api[0];
  else if (ops[kind] == ADIT_WIRE_TOKEN)
    memset (message->token.token, 'x', 100);
  else if (ops[kind] == ADIT_WIRE_CONFIGURATION)
    message->configuration.size_bytes = 4096;
  else if (ops[kind] == ADIT_WIRE_ASSIGNED)
    {
      adit_prefix_parse ("10.65.0.2/32", &message->assigned.addresses[0]);
      message->assigned.n_addresses = 1;
      message->assigned.mtu_bytes = 1500;
    }
  return adit_wire_op_size (ops[kind]);
}

/* Up to four messages with bytes, lengths and descriptors as chance will have them; the same for the same seed. */
static void
fuzz (guint seed)
{
  g_autoptr (GRand) chance = g_rand_new_with_seed (seed);

  for (gint left = g_rand_int_range (chance, 1, 5); left > 0; left--)
    {
      union { AditWireMessage message; guint8 bytes[3 * ADIT_WIRE_MESSAGE_MAX_BYTES]; } packet = { 0 };
      gsize length = make_any (&packet.message, g_rand_int (chance)), changed = length;

      if (g_rand_int_range (chance, 0, 3) == 0)    /* half of the changes near the front, where the numbers are */
        changed = MIN (length, 64);
      for (gint n = g_rand_int_range (chance, 0, 9); n > 0; n--)
        packet.bytes[g_rand_int_range (chance, 0, (gint32) changed)] = (guint8) g_rand_int (chance);
      if (g_rand_int_range (chance, 0, 4) == 0)
        length = (gsize) g_rand_int_range (chance, 0, (gint32) sizeof packet.bytes);
      say_raw (packet.bytes, length, g_rand_int_range (chance, 0, 4) == 0 ? (guint) g_rand_int_range (chance, 1, 5) : 0);
    }
}

static void
do_fuzz (guint seed)
{
  AditWireMessage message = good_account ();

  if (seed == 0)
    say (&message, -1);
  else
    fuzz (seed);
}

/* Of a file that somebody imports. */
static void
say_profiles (guint n, guint32 size)
{
  AditWireMessage message = begin (ADIT_WIRE_PROFILE);

  message.profile.size_text_bytes = size;
  message.profile.facts.kind = ADIT_PROFILE_WIREGUARD;
  message.profile.facts.n_servers = 1;
  g_strlcpy (message.profile.facts.name, "x", sizeof message.profile.facts.name);
  while (n-- > 0)
    say (&message, -1);
}

static void
say_imported (guint32 n_profiles, guint32 size_texts, int lines, int texts)
{
  AditWireMessage message = begin (ADIT_WIRE_IMPORTED);
  const int fds[] = { lines, texts };

  message.imported.n_profiles = n_profiles;
  message.imported.size_texts_bytes = size_texts;
  message.imported.size_lines_bytes = 4096;
  if (!adit_channel_send (SOCKET, &message, fds, n_profiles > 0 ? 2 : 1, NULL))
    exit (0);
  wait_for_the_end ();
}

#define SEALED (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static void
do_import_endless (void)
{
  for (;;)
    say_profiles (1, 100);
}

static void
do_import_sizes (void)
{
  say_profiles (2, 100);
  say_imported (2, 300, make_list (4096, SEALED), make_list (300, SEALED));
}

static void
do_import_one_more (void)
{
  say_profiles (1, 100);
  say_imported (2, 100, make_list (4096, SEALED), make_list (100, SEALED));
}

static void
do_import_unsealed (void)
{
  say_profiles (1, 100);
  say_imported (1, 100, make_list (4096, SEALED), make_list (100, F_SEAL_GROW));
}

static void
do_import_short (void)
{
  say_profiles (1, 100);
  say_imported (1, 100, make_list (4096, SEALED), make_list (99, SEALED));
}

static void
do_import_directory (void)
{
  say_profiles (1, 100);
  say_imported (1, 100, request_fds[0], make_list (100, SEALED));
}

/* More of one than a profile can have, and as it says. */
static void
do_import_long (void)
{
  const guint32 size = ADIT_IMPORT_FILE_MAX_BYTES + 1;

  say_profiles (1, size);
  say_imported (1, size, make_list (4096, SEALED), make_list (size, SEALED));
}

/* openvpn is started with no more than it needs to wait at its management socket. */
static int
make_configuration (guint32 *size)
{
  const AditWireOpenvpn *wanted = &request.request.openvpn;
  g_autoptr (GString) text = g_string_new ("dev-type tun\nifconfig-noexec\n"
                                           "management-client\nmanagement-hold\nremote 198.51.100.20 1194\n<secret>\n"
                                           "-----BEGIN OpenVPN Static key V1-----\n");
  int fd;

  for (guint i = 0; i < 16; i++)
    g_string_append (text, "00112233445566778899aabbccddeeff\n");
  g_string_append_printf (text, "-----END OpenVPN Static key V1-----\n</secret>\ndev %s\nmanagement %s unix\n", wanted->device,
                          wanted->management_path);
  *size = (guint32) text->len;
  fd = make_list (text->len, 0);
  if (pwrite (fd, text->str, text->len, 0) != (gssize) text->len || fcntl (fd, F_ADD_SEALS, SEALED) != 0)
    exit (2);
  return fd;
}

static void
do_openvpn_flood (void)
{
  AditWireMessage message = begin (ADIT_WIRE_CONFIGURATION);
  int fds[ADIT_WIRE_MAX_FDS], configuration = make_configuration (&message.configuration.size_bytes);
  guint n_fds;
  gsize length;

  say (&message, configuration);
  if (!adit_channel_receive (SOCKET, &message, &length, fds, &n_fds, NULL))
    exit (0);
  message = begin (ADIT_WIRE_ASSIGNED);
  message.assigned.addresses[0].address = (AditAddress) { .family = ADIT_FAMILY_IPV4, .bytes = { 10, 65, 0, 9 } };
  message.assigned.addresses[0].prefix_bits = 32;
  message.assigned.dns[0] = (AditAddress) { .family = ADIT_FAMILY_IPV4, .bytes = { 10, 65, 0, 1 } };
  message.assigned.n_addresses = message.assigned.n_dns = 1;
  message.assigned.mtu_bytes = 1500;
  say (&message, -1);
  message = begin (ADIT_WIRE_RUNNING);
  say (&message, -1);
  for (message = begin (ADIT_WIRE_PROGRESS); ; message.progress.received_bytes++)
    say (&message, -1);
}

static void do_unsealed  (void) { say_list (8192, make_list (8192, F_SEAL_GROW | F_SEAL_WRITE)); wait_for_the_end (); }
static void do_small     (void) { say_list (8192, make_list (4096, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE));
                                  wait_for_the_end (); }
static void do_directory (void) { say_list (8192, request_fds[0]); wait_for_the_end (); }

static const struct { const char *word; void (*act) (void); } acts[] = {
  { "nothing", do_nothing },                   { "crash", do_crash },
  { "hang", do_hang },                         { "garbage", do_garbage },
  { "empty", do_empty },                       { "long", do_long },
  { "other-attempt", do_other_attempt },       { "other-answer", do_other_answer },
  { "mirror", do_mirror },                     { "few-descriptors", do_few_descriptors },
  { "many-descriptors", do_many_descriptors }, { "huge-count", do_huge_count },
  { "endless-text", do_endless_text },         { "other-address", do_other_address },
  { "many-connections", do_many_connections }, { "many-tokens", do_many_tokens },
  { "many-lists", do_many_lists },             { "list-unasked", do_list_unasked },
  { "token-unasked", do_token_unasked },       { "unsealed", do_unsealed },
  { "small", do_small },                       { "not-a-memfd", do_directory },
  { "name-private", do_name_private },         { "name-beside", do_name_beside },
  { "name-other-family", do_name_other_family }, { "name-connect", do_name_connect },
  { "exit-other-port", do_exit_other_port },   { "exit-neighbour", do_exit_neighbour },
  { "exit-this-computer", do_exit_this_computer },
  { "exit-other-resolver", do_exit_other_resolver },
  { "exit-resolver-https", do_exit_resolver_https },
  { "exit-private", do_exit_private },
  { "import-endless", do_import_endless },     { "import-sizes", do_import_sizes },
  { "import-one-more", do_import_one_more },   { "import-unsealed", do_import_unsealed },
  { "import-long", do_import_long },           { "import-short", do_import_short },
  { "import-mirror", do_import_directory },    { "openvpn-flood", do_openvpn_flood },
};

int
main (int argc, char **argv)
{
  g_autofree char *word = NULL;
  gsize length;
  guint n_fds;

  if (!g_file_get_contents (ADIT_BAD_WORKER_FILE, &word, NULL, NULL))
    return 2;
  if ((g_str_has_prefix (word, "exit-") || g_str_has_prefix (word, "openvpn-")) &&
      recv (SOCKET, &request, sizeof request, MSG_PEEK) > 0 &&
      request.request.want != (word[0] == 'e' ? ADIT_WIRE_WANT_EXIT : ADIT_WIRE_WANT_OPENVPN))
    {
      execv (ADIT_BAD_WORKER_REAL, argv);
      return 2;
    }
  if (!adit_channel_receive (SOCKET, &request, &length, request_fds, &n_fds, NULL))
    return 2;
  if (g_str_has_prefix (word, "fuzz "))
    {
      do_fuzz ((guint) atoi (word + strlen ("fuzz ")));
      return 0;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (acts); i++)
    if (g_str_equal (acts[i].word, word))
      {
        acts[i].act ();
        return 0;
      }
  return 2;
}
