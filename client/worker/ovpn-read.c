/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-read.c: walks over the lines of an OpenVPN client's file.  A configuration is a program for whoever runs it, so nothing of
 * its text goes on: each line becomes a value, a note, or a refusal. */
#include "config.h"
#include "client/worker/ovpn-read.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/worker/ovpn-reader.h"

#define DEFAULT_PORT 1194    /* IANA's registry of ports */
#define IN_CONNECTION N_("Inside <connection> there are a server, its port and its protocol.")

void
adit_ovpn_refuse (AditOvpnReader *self, AditImportReason reason, const char *sentence)
{
  adit_import_report_add (self->report, self->line, self->option != NULL ? self->option->name : NULL, reason, TRUE, sentence);
}

void
adit_ovpn_note (AditOvpnReader *self, AditImportReason reason, const char *sentence)
{
  adit_import_report_add (self->report, self->line, self->option != NULL ? self->option->name : NULL, reason, FALSE, sentence);
}

void
adit_ovpn_take_role (AditOvpnReader *self, const char *const *args, guint n_args)
{
  self->is_client |= strcmp (self->option->name, "client") == 0;
  self->is_tls_client |= strcmp (self->option->name, "tls-client") == 0;
  self->is_pull |= strcmp (self->option->name, "pull") == 0;
}

void
adit_ovpn_take_mode (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (strcmp (args[0], "p2p") != 0)
    adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED, N_("This is an option of a server; Adit reads the files of clients."));
}

void
adit_ovpn_take_ignore (AditOvpnReader *self, const char *const *args, guint n_args)
{
  for (guint i = 0; i < n_args; i++)
    g_hash_table_add (self->ignored, g_strdup (args[i] + (g_str_has_prefix (args[i], "--") ? 2 : 0)));
}

/* Not more often than once, unless it is said again in the same words. */
static gboolean
is_new (AditOvpnReader *self, const AditOvpnOption *option, const char *const *args, guint n_args, gboolean is_block)
{
  GHashTable *seen = self->in_connection ? self->seen_in_connection : self->seen;
  const char *name = option->alias != NULL ? option->alias : option->name, *before;
  g_autofree char *words = is_block ? g_strdup ("<") : g_strjoinv (" ", (char **) args);

  if ((option->flags & (ADIT_OVPN_MANY | ADIT_OVPN_LEAVE)) != 0)
    return TRUE;
  before = g_hash_table_lookup (seen, name);
  /* "ca [inline]" and "auth-user-pass" announce a block; behind it OpenVPN would forget it. */
  if (before == NULL && !is_block && (option->flags & ADIT_OVPN_BLOCK) != 0 && (n_args == 0 || strcmp (args[0], "[inline]") == 0))
    return TRUE;
  if (before == NULL)
    {
      g_hash_table_insert (seen, (gpointer) name, g_steal_pointer (&words));
      return TRUE;
    }
  if (is_block || strcmp (before, words) != 0)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("The file says two things about this."));
  return FALSE;
}

/* What stands in the place of an option's name may be anything, such as a line of a key whose block began wrongly; only what
 * looks like a name is told. */
static gboolean
looks_like_option (const char *name)
{
  gsize length = strlen (name), n_digits = 0;

  for (gsize i = 0; i < length; i++)
    n_digits += g_ascii_isdigit (name[i]) != 0;
  return length < 32 && n_digits <= 2 && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static const AditOvpnOption *
find_option (AditOvpnReader *self, const char *name)
{
  const AditOvpnOption *option = adit_ovpn_option_find (name);
  gboolean fatal;

  self->option = option;
  if (option != NULL)
    return option;
  fatal = !self->is_optional && !self->is_forward_compatible && !g_hash_table_contains (self->ignored, name);
  adit_import_report_add (self->report, self->line, looks_like_option (name) ? name : NULL, ADIT_IMPORT_UNKNOWN, fatal, NULL);
  return NULL;
}

/* Whether the option is one to be read here; says so where it is not. */
static gboolean
is_to_be_read (AditOvpnReader *self, const AditOvpnOption *option)
{
  if ((option->flags & ADIT_OVPN_REFUSE) != 0)
    adit_ovpn_refuse (self, option->reason, option->sentence);
  else if ((option->flags & ADIT_OVPN_LEAVE) != 0)
    adit_ovpn_note (self, option->reason, option->sentence);
  else if (self->in_connection && (option->flags & (ADIT_OVPN_CONNECTION | ADIT_OVPN_QUIET)) == 0)
    adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED, IN_CONNECTION);
  else if (!self->in_connection && self->had_connection && (option->flags & ADIT_OVPN_BEFORE) != 0)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("This does not count for a <connection> before it."));
  else
    return (option->flags & ADIT_OVPN_QUIET) == 0;
  return FALSE;
}

static void
take_option (AditOvpnReader *self, const char *const *words, guint n_words)
{
  const AditOvpnOption *option = find_option (self, words[0]);
  const char *const *args = words + 1;
  guint n_args = n_words - 1;

  if (option == NULL || !is_to_be_read (self, option))
    return;
  if (n_args < option->min_args || n_args > option->max_args)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("There are too few or too many words behind this option."));
  else if (is_new (self, option, args, n_args, FALSE))
    option->take (self, args, n_args);
}

/* "setenv opt NAME ..." is the option itself, for those who know it; FORWARD_COMPATIBLE makes the same of all that follows.
 * Other variables are for scripts, or for other clients. */
void
adit_ovpn_take_setenv (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (strcmp (args[0], "FORWARD_COMPATIBLE") == 0)
    self->is_forward_compatible = n_args > 1 && strcmp (args[1], "1") == 0;
  else if (strcmp (args[0], "opt") != 0)
    adit_ovpn_note (self, ADIT_IMPORT_HOOK, N_("This variable would be for a program; Adit runs none for a file."));
  else if (n_args < 2 || g_str_has_prefix (args[1], "setenv"))
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, NULL);
  else
    {
      gboolean before = self->is_optional;

      self->is_optional = TRUE;
      take_option (self, args + 1, n_args - 1);
      self->is_optional = before;
    }
}

static void
end_connection (AditOvpnReader *self)
{
  AditOpenvpnProfile *profile = self->profile;

  if (self->connection.host.name[0] == '\0' && self->connection.host.address.family == ADIT_FAMILY_NONE)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("There is no server in this <connection>."));
  else if (profile->n_remotes == ADIT_OPENVPN_MAX_REMOTES)
    adit_ovpn_note (self, ADIT_IMPORT_UNSUPPORTED, N_("Adit takes the first 64 servers of a file."));
  else
    profile->remotes[profile->n_remotes++] = self->connection;
}

static void take_lines_of_file (AditOvpnReader *self, const AditImportLine *lines, guint n_lines);

static void
take_connection (AditOvpnReader *self, const AditImportLine *lines, guint n_lines)
{
  guint line = self->line;

  self->in_connection = self->had_connection = TRUE;
  memset (&self->connection, 0, sizeof self->connection);
  g_hash_table_remove_all (self->seen_in_connection);
  take_lines_of_file (self, lines, n_lines);
  self->line = line;
  self->option = NULL;
  end_connection (self);
  self->in_connection = FALSE;
}

static void
take_block (AditOvpnReader *self, const char *name, const AditImportLine *lines, guint n_lines)
{
  const AditOvpnOption *option;

  if (self->in_connection)
    adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED, IN_CONNECTION);
  else if (strcmp (name, "connection") == 0)
    take_connection (self, lines, n_lines);
  else if ((option = find_option (self, name)) == NULL)
    return;
  else if ((option->flags & ADIT_OVPN_BLOCK) == 0)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("This option is a line, not a block."));
  else if (is_to_be_read (self, option) && is_new (self, option, NULL, 0, TRUE))
    adit_ovpn_take_lines (self, lines, n_lines);
}

/* How many lines belong to the block whose beginning was read, without its end; -1 where that is not plain. */
static int
find_end (AditOvpnReader *self, const char *name, const AditImportLine *lines, guint n_lines)
{
  AditOvpnWords words;
  const char *sentence;

  for (guint i = 0; i < n_lines; i++)
    {
      if (!g_str_has_prefix (lines[i].text, "</"))
        continue;
      self->line = lines[i].number;
      if (!adit_ovpn_words_split (&words, lines[i].text, &sentence) || strcmp (words.words[0], name) != 0)
        {
          adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("Another end stands where the end of this block must be."));
          return -1;
        }
      return (int) i;
    }
  adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("This block has no end."));
  return -1;
}

static void
take_lines_of_file (AditOvpnReader *self, const AditImportLine *lines, guint n_lines)
{
  for (guint i = 0; i < n_lines; i++)
    {
      AditOvpnWords words;
      const char *sentence;

      self->line = lines[i].number;
      self->option = NULL;
      /* Where it is not plain what is a line and what is in a block, what follows would be read as something that it is not. */
      if (!adit_ovpn_words_split (&words, lines[i].text, &sentence))
        {
          adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, sentence);
          return;
        }
      if (words.closes_block)
        {
          adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("This block has no beginning."));
          return;
        }
      if (words.opens_block)
        {
          int n = find_end (self, words.words[0], lines + i + 1, n_lines - i - 1);

          if (n < 0)
            return;
          self->line = lines[i].number;
          take_block (self, words.words[0], lines + i + 1, (guint) n);
          i += (guint) n + 1;
        }
      else if (words.n_words > 0)
        take_option (self, words.words, words.n_words);
      adit_wipe (words.text, sizeof words.text);
    }
}

/* By what they are reached: bits of 1 << AditOpenvpnTransport. */
static guint
finish_remotes (AditOvpnReader *self)
{
  AditOpenvpnProfile *profile = self->profile;
  guint transports = 0;

  for (guint i = 0; i < profile->n_remotes; i++)
    {
      AditOpenvpnRemote *remote = &profile->remotes[i];

      if (remote->host.port == 0)
        remote->host.port = self->port != 0 ? self->port : DEFAULT_PORT;
      if (remote->transport == 0)
        remote->transport = self->transport != 0 ? self->transport : ADIT_OPENVPN_UDP;
      if (remote->family == ADIT_FAMILY_NONE)
        remote->family = self->family;
      transports |= 1u << remote->transport;
    }
  return transports;
}

static void
finish_proxy (AditOvpnReader *self, gboolean has_udp)
{
  AditOpenvpnProfile *profile = self->profile;

  if (profile->proxy != ADIT_OPENVPN_NO_PROXY)
    {
      self->line = self->proxy_line;
      self->option = self->proxy_option;
      if (has_udp)
        adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED,
                          N_("Adit reaches a server behind a proxy by TCP alone (\"proto tcp\")."));
      self->line = 0;
      self->option = NULL;
      return;
    }
  /* Credentials for a proxy that there is not are for nobody. */
  profile->proxy_credentials_needed = FALSE;
  g_clear_pointer (&profile->proxy_username, adit_secret_unref);
  g_clear_pointer (&profile->proxy_password, adit_secret_unref);
}

/* What only the whole file can be asked. */
static void
finish (AditOvpnReader *self)
{
  AditOpenvpnProfile *profile = self->profile;
  g_autoptr (GError) error = NULL;
  guint transports;

  self->line = 0;
  self->option = NULL;
  transports = finish_remotes (self);
  finish_proxy (self, (transports & 1u << ADIT_OPENVPN_UDP) != 0);
  adit_ovpn_finish_crypto (self);
  if (!self->is_client && !(self->is_tls_client && self->is_pull))
    adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED, N_("This is no client's file: there is no \"client\" in it."));
  if (self->had_remote && self->had_connection)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("There are servers both inside and outside of <connection>."));
  if (self->has_odd_device && !self->has_type)
    adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED, N_("The file does not say which kind its device is."));
  if ((transports & 1u << ADIT_OPENVPN_TCP) != 0 && (profile->numbers_set & 1u << ADIT_OPENVPN_FRAGMENT) != 0)
    adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED, N_("Packets are sent in fragments (\"fragment\") by UDP alone."));
  if (self->file_direction != -2 && profile->key_direction != -1 && self->file_direction != profile->key_direction)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("The file says two things about the key's direction."));
  if (self->file_direction != -2)
    profile->key_direction = self->file_direction;
  if (!self->report->failed && !adit_openvpn_profile_is_valid (profile, &error))
    adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED,
                      N_("Something that a connection needs is missing in this file, or does not fit the rest."));
}

/**
 * adit_ovpn_read:
 * @file: an OpenVPN client's file
 * @others: (nullable): files that it names, by names without folders
 * @n_others: how many
 * @report: what is said about it
 *
 * Reads by the strictest reading: what OpenVPN itself, an editor and a person might take for different things is refused, and so
 * is what has no place in the profile and would be missed.
 *
 * Returns: (transfer full) (nullable): the profile; %NULL if @report says why not, or which files are needed beside it
 */
AditOpenvpnProfile *
adit_ovpn_read (const AditImportFile *file, const AditImportFile *others, guint n_others, AditImportReport *report)
{
  g_autoptr (AditOpenvpnProfile) profile = adit_openvpn_profile_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr (GHashTable) seen_in_connection = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr (GHashTable) ignored = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (AditImportText) text = NULL;
  AditOvpnReader self = { .profile = profile, .report = report, .files = others, .n_files = n_others, .seen = seen,
                          .seen_in_connection = seen_in_connection, .ignored = ignored, .file_direction = -2 };
  const char *sentence;
  guint bad_line;

  text = adit_import_text_new (file, ADIT_OVPN_LINE_MAX_BYTES, &bad_line, &sentence);
  if (text == NULL)
    adit_import_report_add (report, bad_line, NULL, ADIT_IMPORT_MALFORMED, TRUE, sentence);
  else
    {
      take_lines_of_file (&self, text->lines, text->n_lines);
      finish (&self);
    }
  return report->failed ? NULL : g_steal_pointer (&profile);
}
