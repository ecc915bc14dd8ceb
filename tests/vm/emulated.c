/* SPDX-License-Identifier: GPL-2.0-or-later */
/* emulated.c: a machine with a kernel of its own, by qemu; its network card is the router's end of the client's cable. */
#include "config.h"
#include "tests/vm/emulated.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>

#define FOLDER  "/run/emulated"
#define CONSOLE FOLDER "/console"
#define CONTROL FOLDER "/control"
#define MONITOR FOLDER "/monitor"
#define CABLE   "to-client"
#define BOOT_MS 400000    /* ten to twenty seconds where the computer does nothing else */
#define CONNECT_MS 180000 /* everything is emulated, on a busy computer */
#define RUN_S   300       /* apt, emulated, on a busy computer */
#define MONITOR_S 30      /* qemu itself */
#define WAKE_BYTES 64     /* the serial line loses a few after a sleep; root's hand takes empty lines for nothing */

struct _AditMachine
{
  char *image;    /* the folder that tests/vm/build-system filled */
  GPid qemu;      /* 0 while it is off */
  GSocketConnection *control;
  GDataInputStream *answers;
  guint number;    /* of the last line that was sent */
};

static void
do_outside (const char *space, const char *line)
{
  g_autoptr (GError) error = NULL;

  adit_lab_run_line (space, line, &error);
  g_assert_no_error (error);
}

/**
 * adit_machine_new:
 * @tree: what tests/vm/build-system made; the disk in it changes
 *
 * After adit_lab_enter() and adit_lab_make_internet().  It takes the place of the lab's client.
 *
 * Returns: (transfer full): the machine, switched off
 */
AditMachine *
adit_machine_new (const char *tree)
{
  AditMachine *self = g_new0 (AditMachine, 1);

  self->image = g_strdup (tree);
  g_assert_no_errno (g_mkdir_with_parents (FOLDER, 0755));
  do_outside (NULL, "ip -n router link del " CABLE);
  do_outside ("router", "ip tuntap add dev " CABLE " mode tap");
  do_outside ("router", "sysctl -qw net.ipv6.conf." CABLE ".disable_ipv6=1");
  do_outside ("router", "ip link set " CABLE " master br-lan up");
  return self;
}

/**
 * adit_machine_free:
 * @self: the machine
 */
void
adit_machine_free (AditMachine *self)
{
  adit_machine_cut (self);
  g_free (self->image);
  g_free (self);
}

static void
let_go (AditMachine *self)
{
  self->qemu = 0;
  g_clear_object (&self->answers);
  g_clear_object (&self->control);
}

static G_NORETURN void
die (const char *what)
{
  g_autofree char *console = NULL;

  (void) g_file_get_contents (CONSOLE, &console, NULL, NULL);
  g_error ("%s:\n%s", what, console);
}

/* A line of the machine's; NULL when nothing has come for a while. */
static char *
read_line (AditMachine *self, guint seconds)
{
  g_socket_set_timeout (g_socket_connection_get_socket (self->control), seconds);
  return g_data_input_stream_read_line (self->answers, NULL, NULL, NULL);
}

static void
start (AditMachine *self)
{
  g_autofree char *kernel = g_build_filename (self->image, "vmlinuz", NULL),
                  *initrd = g_build_filename (self->image, "initrd", NULL),
                  *disk = g_strdup_printf ("file=%s/root.img,format=raw,if=virtio,file.locking=off", self->image);
  /* Emulated, by our clock: the network is outside.  Switched off where it would reboot. */
  const char *const argv[] = { "qemu-system-x86_64", "-M", "q35", "-cpu", "max", "-accel", "tcg,thread=multi,tb-size=256",
    "-smp", "2", "-m", "1024", "-no-reboot", "-display", "none", "-kernel", kernel, "-initrd", initrd,
    "-append",
    "console=ttyS0 panic=-1 mitigations=off tsc=unstable net.ifnames=0 security=apparmor quiet",
    "-chardev", "socket,id=monitor,path=" MONITOR ",server=on,wait=off", "-mon", "chardev=monitor,mode=control",
    "-serial", "file:" CONSOLE, "-chardev", "socket,id=control,path=" CONTROL ",server=on,wait=off", "-serial", "chardev:control",
    "-drive", disk, "-netdev", "tap,id=cable,ifname=" CABLE ",script=no,downscript=no",
    "-device", "virtio-net-pci,id=card,netdev=cable,romfile=", NULL };
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (CONTROL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;

  self->qemu = adit_lab_spawn_logged ("router", 0, argv, FOLDER "/qemu", NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 600 && self->control == NULL; i++)
    {
      g_usleep (50000);
      self->control = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
    }
  if (self->control == NULL)
    {
      g_autofree char *said = NULL;

      (void) g_file_get_contents (FOLDER "/qemu", &said, NULL, NULL);
      g_error ("there is no machine: %s", said);
    }
  self->answers = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (self->control)));
}

/* As a shell would read it, whatever the words hold. */
static char *
quote (const char *line)
{
  g_auto (GStrv) argv = NULL;
  g_autoptr (GString) quoted = g_string_new ("exec");
  g_autoptr (GError) error = NULL;

  g_shell_parse_argv (line, NULL, &argv, &error);
  g_assert_no_error (error);
  for (guint i = 0; argv[i] != NULL; i++)
    {
      g_autofree char *word = g_shell_quote (argv[i]);

      g_string_append_printf (quoted, " %s", word);
    }
  return g_strdup (quoted->str);
}

static char *
decode (const char *text)
{
  gsize length;
  g_autofree guchar *bytes = g_base64_decode (text, &length);

  return g_strndup ((const char *) bytes, length);
}

static void
begin (AditMachine *self, const char *line)
{
  g_autofree char *quoted = quote (line), *coded = g_base64_encode ((const guchar *) quoted, strlen (quoted)),
                  *sent = g_strdup_printf ("%u %s\n", ++self->number, coded);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (self->control)), sent, strlen (sent), NULL, NULL,
                             &error);
  g_assert_no_error (error);
}

/* What became of the line that was begun last. */
static AditLabResult *
finish (AditMachine *self)
{
  g_autofree char *answer = read_line (self, RUN_S);
  g_auto (GStrv) words = g_strsplit (answer != NULL ? answer : "", " ", -1);
  AditLabResult *result = g_new0 (AditLabResult, 1);

  if (g_strv_length (words) != 4 || g_ascii_strtoull (words[0], NULL, 10) != self->number)
    die ("the machine does not answer");
  result->status = (int) g_ascii_strtoll (words[1], NULL, 10);
  result->out = decode (words[2]);
  result->err = decode (words[3]);
  return result;
}

/**
 * adit_machine_boot:
 * @self: the machine, switched off
 *
 * Boots it and waits until it is up.
 */
void
adit_machine_boot (AditMachine *self)
{
  gint64 end_us = g_get_monotonic_time () + BOOT_MS * G_TIME_SPAN_MILLISECOND;
  g_autofree char *up = NULL;

  start (self);
  up = read_line (self, BOOT_MS / 1000);
  if (g_strcmp0 (up, "up") != 0)
    die ("the machine does not come up");
  while (g_get_monotonic_time () < end_us)
    {
      if (adit_machine_is_running (self))
        return;
      g_usleep (200000);
    }
  die ("the machine does not come up");
}

/**
 * adit_machine_cut:
 * @self: the machine
 *
 * Cuts its power, if it has any: nothing in it gets a chance to do anything.
 */
void
adit_machine_cut (AditMachine *self)
{
  if (self->qemu != 0)
    adit_lab_end (self->qemu);
  let_go (self);
}

/**
 * adit_machine_shut_down:
 * @self: the machine, running
 *
 * Waits until it has ended all by itself, as for a reboot.
 */
void
adit_machine_shut_down (AditMachine *self)
{
  gint64 end_us = g_get_monotonic_time () + BOOT_MS * G_TIME_SPAN_MILLISECOND;

  begin (self, "systemctl reboot");    /* it may be off before it has answered */
  while (waitpid (self->qemu, NULL, WNOHANG) == 0)
    {
      if (g_get_monotonic_time () > end_us)
        die ("the machine does not shut down");
      g_usleep (100000);
    }
  let_go (self);
}

/**
 * adit_machine_get_connect_ms:
 * @self: the machine
 *
 * Returns: how long its helper may take to be connected, in milliseconds
 */
guint
adit_machine_get_connect_ms (AditMachine *self G_GNUC_UNUSED)
{
  return CONNECT_MS;
}

/**
 * adit_machine_run:
 * @self: the machine, running
 * @line: program and arguments, quoted as in a shell
 *
 * Returns: (transfer full): what root got by it
 */
AditLabResult *
adit_machine_run (AditMachine *self, const char *line)
{
  begin (self, line);
  return finish (self);
}

/**
 * adit_machine_write:
 * @self: the machine, running
 * @path: absolute, in it; its folder is made
 * @content: what the file is to hold
 */
void
adit_machine_write (AditMachine *self, const char *path, const char *content)
{
  g_autofree char *coded = g_base64_encode ((const guchar *) content, strlen (content));

  g_free (adit_machine_expect (self, 0, "sh -c 'mkdir -p \"$(dirname %s)\" && base64 -d <<E >%s\n%s\nE\n'", path, path, coded));
}

/* What qemu's own control (QMP, qemu-qmp-ref(7)) answers; the lines between are events. */
static char *
tell (const char *command)
{
  static const char negotiate[] = "{\"execute\":\"qmp_capabilities\"}\n";
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (MONITOR);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) monitor = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_autoptr (GDataInputStream) answers = NULL;
  g_autofree char *lines = g_strconcat (negotiate, command, "\n", NULL);
  guint left = 2;

  g_assert_no_error (error);
  g_socket_set_timeout (g_socket_connection_get_socket (monitor), MONITOR_S);
  answers = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (monitor)));
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (monitor)), lines, strlen (lines), NULL, NULL, &error);
  g_assert_no_error (error);
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (answers, NULL, NULL, &error);

      if (line == NULL || strstr (line, "\"error\"") != NULL)
        g_error ("%s: %s", command, line != NULL ? line : error != NULL ? error->message : "no answer");
      if (g_str_has_prefix (line, "{\"return\"") && --left == 0)
        return g_steal_pointer (&line);
    }
}

/**
 * adit_machine_set_cable:
 * @self: the machine, running
 * @plugged: whether its network card has a carrier
 */
void
adit_machine_set_cable (AditMachine *self, gboolean plugged)
{
  g_autofree char *command = g_strdup_printf ("{\"execute\":\"set_link\",\"arguments\":{\"name\":\"card\",\"up\":%s}}",
                                              plugged ? "true" : "false");

  g_free (tell (command));
}

/**
 * adit_machine_sleep:
 * @self: the machine, running
 *
 * Tells it to suspend to memory, and waits until it has.
 */
void
adit_machine_sleep (AditMachine *self)
{
  gint64 end_us = g_get_monotonic_time () + BOOT_MS * G_TIME_SPAN_MILLISECOND;

  begin (self, "systemctl suspend");
  while (g_get_monotonic_time () < end_us)
    {
      g_autofree char *status = tell ("{\"execute\":\"query-status\"}");

      if (strstr (status, "\"suspended\"") != NULL)
        return;
      g_usleep (100000);
    }
  die ("the machine does not fall asleep");
}

/**
 * adit_machine_wake:
 * @self: the machine, asleep
 */
void
adit_machine_wake (AditMachine *self)
{
  g_autofree char *nothing = g_strnfill (WAKE_BYTES, '\n');
  g_autoptr (AditLabResult) slept = NULL;

  g_free (tell ("{\"execute\":\"system_wakeup\"}"));
  slept = finish (self);
  g_assert_cmpint (slept->status, ==, 0);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (self->control)), nothing, WAKE_BYTES, NULL, NULL, NULL);
}
