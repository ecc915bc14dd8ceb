/* SPDX-License-Identifier: GPL-2.0-or-later */
/* known.c: what was said of networks is a file of root's, without a name in it; where this computer was last is one in /run, so
 * that a helper that is started again does not take staying for coming.  A file that cannot be read weakens nothing: every
 * network is a new one then, and in new ones the computer is locked. */
#define G_LOG_DOMAIN "adit-known"

#include "client/helper/known.h"

#include <string.h>
#include <sys/random.h>
#include "client/base/error.h"
#include "client/base/file.h"
#include "client/base/hex.h"

#define GROUP          "adit"
#define FORMAT         1
#define FILE_MAX_BYTES (64 * 1024)
#define SETTLE_MS      500    /* a DHCP client or NetworkManager sets address, route and lease one after the other */
#define LOOKS_BEFORE_DOUBT 4    /* so long is waited for a router's hardware address: what sends packets brings it along */
#define LOOK_MS        500
#define DOUBT_LOOK_S   5
#define MAX_LOOKS      16    /* then only changes are looked at */
#define MAX_NAMES      256

struct _AditKnown
{
  char            *path, *here_path;
  AditNetwork     *network;    /* (nullable); outlives us */
  AditNetworkRules rules;
  char            *here;       /* (nullable): where it was that something was last done */
  char            *put_off;    /* (nullable): where it is, and what is to be done there is put off */
  GHashTable      *names;      /* id to GBytes: of Wi-Fi networks that this helper has seen; nowhere else */
  AditNetworkRule  now;
  gboolean         is_anywhere;
  guint            timer, n_looks;
  AditKnownArrived arrived;
  gpointer         user_data;
};

/* --- The file --------------------------------------------------------------------------------------------------------------- */

static gboolean
make_salt (AditNetworkRules *rules, GError **error)
{
  if (getrandom (rules->salt, sizeof rules->salt, 0) == (gssize) sizeof rules->salt)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "The kernel gives no random numbers");
  return FALSE;
}

static gboolean
is_id (const char *text)
{
  return strlen (text) == ADIT_NETWORK_ID_BYTES - 1 && strspn (text, "0123456789abcdef") == ADIT_NETWORK_ID_BYTES - 1;
}

static void
write_rule (GKeyFile *file, const char *group, const AditNetworkRule *rule)
{
  g_key_file_set_string (file, group, "kind", adit_link_kind_get_nick (rule->kind));
  g_key_file_set_boolean (file, group, "protected", rule->is_protected);
  g_key_file_set_string (file, group, "trust", adit_trust_get_nick (rule->trust));
  g_key_file_set_string (file, group, "action", adit_network_action_get_nick (rule->action));
  g_key_file_set_uint64 (file, group, "owner", rule->owner_uid);
}

static gboolean
read_rule (GKeyFile *file, const char *group, AditNetworkRule *rule)
{
  g_autofree char *kind = g_key_file_get_string (file, group, "kind", NULL);
  g_autofree char *trust = g_key_file_get_string (file, group, "trust", NULL);
  g_autofree char *action = g_key_file_get_string (file, group, "action", NULL);
  g_autoptr (GError) error = NULL;
  guint64 owner = g_key_file_get_uint64 (file, group, "owner", &error);

  if (error == NULL)
    rule->is_protected = g_key_file_get_boolean (file, group, "protected", &error);
  rule->owner_uid = (guint32) owner;
  return error == NULL && owner < G_MAXUINT32 && adit_link_kind_from_nick (kind, &rule->kind) &&
         adit_trust_from_nick (trust, &rule->trust) && adit_network_action_from_nick (action, &rule->action) &&
         adit_network_rule_check (rule, NULL);
}

static gboolean
read_rules (GKeyFile *file, AditNetworkRules *rules)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  g_autofree char *salt = g_key_file_get_string (file, GROUP, "salt", NULL);

  if (g_key_file_get_integer (file, GROUP, "format", NULL) != FORMAT || !adit_hex_read (salt, rules->salt, sizeof rules->salt))
    return FALSE;
  for (guint i = 0; groups[i] != NULL; i++)
    {
      AditNetworkRule rule = { 0 };

      if (g_str_equal (groups[i], GROUP))
        continue;
      if (is_id (groups[i]))
        g_strlcpy (rule.id, groups[i], sizeof rule.id);
      if (!read_rule (file, groups[i], &rule) ||
          (rule.id[0] == '\0' && !g_str_equal (groups[i], adit_link_kind_get_nick (rule.kind))) ||
          !adit_network_rules_put (rules, &rule, NULL))
        return FALSE;
    }
  return TRUE;
}

static void
load (AditKnown *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL;
  gsize length;

  if (!adit_file_exists (self->path))
    return;
  text = adit_file_read (self->path, FILE_MAX_BYTES, &length, NULL);
  if (text != NULL && g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, NULL) && read_rules (file, &self->rules))
    return;
  g_warning ("%s cannot be read; every network is a new one, and lockdown goes on there", self->path);
  self->rules = (AditNetworkRules) { 0 };
  for (guint i = 0; i < ADIT_N_LINK_KINDS; i++)
    self->rules.defaults[i] = (AditNetworkRule) { .kind = (AditLinkKind) i, .action = ADIT_NETWORK_LOCKDOWN };
}

/* A network that cannot be recognised is the one that it is by its link, for as long as it is on it. */
static char *
dup_stamp (AditKnown *self, const AditNetworkFacts *facts, guint n_facts)
{
  GString *stamp = g_string_new (NULL);

  for (guint i = 0; i < n_facts; i++)
    {
      char id[ADIT_NETWORK_ID_BYTES] = "";

      if (adit_network_facts_are_whole (&facts[i]))
        adit_network_facts_get_id (&facts[i], self->rules.salt, id);
      g_string_append_printf (stamp, "%s%s:%u", i > 0 ? " " : "", id[0] != '\0' ? id : adit_link_kind_get_nick (facts[i].kind),
                              id[0] != '\0' ? 0 : facts[i].link);
    }
  return g_string_free (stamp, FALSE);
}

static void
keep_here (AditKnown *self, char *stamp)
{
  g_autoptr (GError) error = NULL;

  g_free (self->here);
  g_clear_pointer (&self->put_off, g_free);
  self->here = stamp;
  if (!adit_file_write (self->here_path, stamp, strlen (stamp), 0600, &error))
    g_warning ("the next helper will take this network for one that it has come into: %s", error->message);
}

/* Nobody comes into a network by saying something of it. */
static void
stay (AditKnown *self)
{
  AditNetworkFacts facts[ADIT_NETWORKS_MAX_HERE];
  guint n_facts = self->network != NULL ? adit_network_identify (self->network, facts, G_N_ELEMENTS (facts)) : 0;

  if (n_facts > 0)
    keep_here (self, dup_stamp (self, facts, n_facts));
}

/**
 * adit_known_save:
 * @self: what is known
 * @rules: what holds from now on; it has no salt where nothing was kept before
 * @error: return location; %ADIT_ERROR_STORE_FAILED, and then it is as before
 *
 * What is done is done when the computer comes into a network, and not for a rule that is made in one.
 *
 * Returns: whether it is on disk
 */
gboolean
adit_known_save (AditKnown *self, const AditNetworkRules *rules, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *salt = adit_hex_dup (rules->salt, sizeof rules->salt), *text = NULL;
  gsize length;

  g_key_file_set_integer (file, GROUP, "format", FORMAT);
  g_key_file_set_string (file, GROUP, "salt", salt);
  for (guint i = 0; i < rules->n_rules; i++)
    write_rule (file, rules->rules[i].id, &rules->rules[i]);
  for (guint i = 0; i < ADIT_N_LINK_KINDS; i++)
    if (rules->defaults[i].action != ADIT_NETWORK_ASK)
      {
        AditNetworkRule rule = rules->defaults[i];

        rule.kind = (AditLinkKind) i;
        write_rule (file, adit_link_kind_get_nick (rule.kind), &rule);
      }
  text = g_key_file_to_data (file, &length, NULL);
  if (!adit_file_write (self->path, text, length, 0600, error))
    return FALSE;
  self->rules = *rules;
  stay (self);
  adit_known_watch (self, self->arrived, self->user_data);
  return TRUE;
}

/* --- Where it is ------------------------------------------------------------------------------------------------------------ */

static void
note_names (AditKnown *self, const AditNetworkFacts *facts, guint n_facts)
{
  if (g_hash_table_size (self->names) > MAX_NAMES)
    g_hash_table_remove_all (self->names);
  for (guint i = 0; i < n_facts; i++)
    {
      char id[ADIT_NETWORK_ID_BYTES];

      if (facts[i].name_bytes == 0 || !adit_network_facts_are_whole (&facts[i]))
        continue;
      adit_network_facts_get_id (&facts[i], self->rules.salt, id);
      g_hash_table_replace (self->names, g_strdup (id), g_bytes_new (facts[i].name, facts[i].name_bytes));
    }
}

/* Kinds that can be recognised at all are waited for; a modem's card is known as soon as it has joined. */
static gboolean
may_become_whole (const AditNetworkFacts *facts, guint n_facts)
{
  for (guint i = 0; i < n_facts; i++)
    if (!adit_network_facts_are_whole (&facts[i]) &&
        (facts[i].kind == ADIT_LINK_KIND_WIRED || facts[i].kind == ADIT_LINK_KIND_WIFI ||
         (facts[i].kind == ADIT_LINK_KIND_MOBILE && !facts[i].is_settled)))
      return TRUE;
  return FALSE;
}

static gboolean on_look (gpointer user_data);

static void
look_later (AditKnown *self)
{
  if (self->timer != 0 || self->n_looks >= MAX_LOOKS)
    return;
  self->timer = self->n_looks < LOOKS_BEFORE_DOUBT ? g_timeout_add (LOOK_MS, on_look, self)
                                                  : g_timeout_add_seconds (DOUBT_LOOK_S, on_look, self);
}

static gboolean
on_look (gpointer user_data)
{
  AditKnown *self = user_data;
  AditNetworkFacts facts[ADIT_NETWORKS_MAX_HERE];
  guint n_facts = adit_network_identify (self->network, facts, G_N_ELEMENTS (facts));
  gboolean is_in_doubt;
  char *stamp;

  self->timer = 0;
  self->is_anywhere = n_facts > 0;
  if (n_facts == 0)
    return G_SOURCE_REMOVE;    /* and coming back to the same network is no arrival: whoever can cut a link cannot make one */
  is_in_doubt = may_become_whole (facts, n_facts);
  if (is_in_doubt)
    {
      self->n_looks++;
      look_later (self);
      if (self->n_looks < LOOKS_BEFORE_DOUBT)
        return G_SOURCE_REMOVE;
    }
  note_names (self, facts, n_facts);
  stamp = dup_stamp (self, facts, n_facts);
  self->now = adit_network_rules_decide (&self->rules, facts, n_facts);
  g_clear_pointer (&self->put_off, g_free);
  if (g_strcmp0 (stamp, self->here) == 0)
    {
      g_free (stamp);
      return G_SOURCE_REMOVE;
    }
  g_info ("in another network: %s, %s", adit_trust_get_nick (self->now.trust), adit_network_action_get_nick (self->now.action));
  /* Kept last: a helper that dies on the way comes into it again. */
  if (self->arrived == NULL || self->arrived (&self->now, self->user_data))
    keep_here (self, stamp);
  else
    self->put_off = stamp;
  return G_SOURCE_REMOVE;
}

static void
on_changed (AditNetwork *network, AditKnown *self)
{
  if (!adit_network_rules_are_set (&self->rules))
    return;
  /* What is waited for may have come; a look that is due soon is not put off by changes without end. */
  if (self->n_looks > 0)
    g_clear_handle_id (&self->timer, g_source_remove);
  self->n_looks = 0;
  if (self->timer == 0)
    self->timer = g_timeout_add (SETTLE_MS, on_look, self);
}

/**
 * adit_known_new:
 * @path: the file with the rules
 * @here_path: the file, gone after a reboot, that says where the computer was
 * @network: (nullable): what tells; outlives the result
 *
 * Returns: (transfer full): what is known; nothing is watched yet
 */
AditKnown *
adit_known_new (const char *path, const char *here_path, AditNetwork *network)
{
  AditKnown *self = g_new0 (AditKnown, 1);

  self->path = g_strdup (path);
  self->here_path = g_strdup (here_path);
  self->network = network;
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  load (self);
  if (adit_file_exists (here_path))
    self->here = adit_file_read (here_path, FILE_MAX_BYTES, NULL, NULL);
  return self;
}

/**
 * adit_known_free:
 * @self: (nullable): what is known; the files stay
 */
void
adit_known_free (AditKnown *self)
{
  if (self == NULL)
    return;
  if (self->network != NULL)
    g_signal_handlers_disconnect_by_data (self->network, self);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_hash_table_unref (self->names);
  g_free (self->here);
  g_free (self->put_off);
  g_free (self->path);
  g_free (self->here_path);
  g_free (self);
}

/**
 * adit_known_watch:
 * @self: what is known
 * @arrived: called when this computer has come into another network
 * @user_data: for @arrived
 *
 * Nothing is looked at before anybody has made a rule.
 */
void
adit_known_watch (AditKnown *self, AditKnownArrived arrived, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  self->arrived = arrived;
  self->user_data = user_data;
  if (self->network == NULL || !adit_network_rules_are_set (&self->rules))
    return;
  g_signal_handlers_disconnect_by_data (self->network, self);
  if (!adit_network_watch (self->network, &error))
    g_warning ("networks will not be recognised: %s", error->message);
  g_signal_connect (self->network, "changed", G_CALLBACK (on_changed), self);
  on_changed (self->network, self);
}

/**
 * adit_known_end_delay:
 * @self: what is known
 * @is_dropped: whether what was put off is not to be done any more, because somebody has said otherwise
 *
 * Nothing is in the way any more of what @arrived wanted to do later: the network is looked at again.
 */
void
adit_known_end_delay (AditKnown *self, gboolean is_dropped)
{
  if (self->put_off == NULL)
    return;
  if (is_dropped)
    keep_here (self, g_steal_pointer (&self->put_off));
  else
    on_changed (self->network, self);
}

/**
 * adit_known_get_rules:
 * @self: what is known
 *
 * Returns: (transfer none): what was said of networks, with a salt if there is one to be had
 */
AditNetworkRules *
adit_known_get_rules (AditKnown *self)
{
  static const guint8 none[ADIT_NETWORK_SALT_BYTES];
  g_autoptr (GError) error = NULL;

  if (memcmp (self->rules.salt, none, sizeof none) == 0 && !make_salt (&self->rules, &error))
    g_warning ("%s", error->message);
  return &self->rules;
}

/**
 * adit_known_list_here:
 * @self: what is known
 * @facts: (out caller-allocates) (array length=max): the networks that this computer is in
 * @max: how many fit
 *
 * Returns: how many there are
 */
guint
adit_known_list_here (AditKnown *self, AditNetworkFacts *facts, guint max)
{
  guint n = self->network != NULL ? adit_network_identify (self->network, facts, max) : 0;

  (void) adit_known_get_rules (self);
  note_names (self, facts, n);
  return n;
}

/**
 * adit_known_find_metered:
 * @self: what is known
 *
 * Returns: whether what leaves this computer now is paid for by the byte, as far as anybody tells; of several networks the one
 * counts by which packets to strangers leave
 */
AditMetered
adit_known_find_metered (AditKnown *self)
{
  AditNetworkFacts facts[ADIT_NETWORKS_MAX_HERE];
  guint n = self->network != NULL ? adit_network_identify (self->network, facts, G_N_ELEMENTS (facts)) : 0;
  AditWay way;

  if (n > 0 && adit_network_find_way (self->network, NULL, &way))
    for (guint i = 0; i < n; i++)
      if (facts[i].link == way.link)
        return facts[i].metered;
  return ADIT_METERED_UNKNOWN;
}

/**
 * adit_known_get_name:
 * @self: what is known
 * @id: of a network
 *
 * Returns: (transfer none) (nullable): the name that it has given itself, where this helper has been there
 */
GBytes *
adit_known_get_name (AditKnown *self, const char *id)
{
  return g_hash_table_lookup (self->names, id);
}

/**
 * adit_known_asks:
 * @self: what is known
 *
 * Returns: whether a person is to say what is wanted in this network
 */
gboolean
adit_known_asks (AditKnown *self)
{
  return self->is_anywhere && adit_network_rules_are_set (&self->rules) && self->now.action == ADIT_NETWORK_ASK &&
         self->now.trust == ADIT_TRUST_UNKNOWN;
}
