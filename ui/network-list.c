/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network-list.c: what is done in each network, as one choice of a few; the helper knows what may be chosen where. */
#include "config.h"
#include "ui/network-list.h"

#include <glib/gi18n.h>

#include "client/api/shown.h"
#include "ui/trouble.h"
#include "ui/wrapping.h"

struct _AditNetworkList
{
  AdwPreferencesGroup parent_instance;
  AditMirror *mirror;      /* (nullable): until it is given one */
  GPtrArray  *rows;        /* of AdwComboRow, owned by the group */
  gboolean    showing;     /* what moves now was not moved by the person */
};

G_DEFINE_FINAL_TYPE (AditNetworkList, adit_network_list, ADW_TYPE_PREFERENCES_GROUP)

/* The last is only for one that was named, since anybody can be a new one. */
static const struct { const char *trust, *action, *words; } choices[] = {
  { "unknown", "ask", N_("Nothing, but say so") },
  { "untrusted", "connect", N_("Connect") },
  { "untrusted", "lockdown", N_("Turn lockdown on") },
  { "trusted", "ask", N_("Nothing: trusted") },
  { "trusted", "disconnect", N_("Disconnect: trusted") },
};

/* Of new ones nothing but the action can be said. */
#define N_FOR_NEW 3

static const struct { const char *kind, *one, *new_ones; } kinds[] = {
  { "wired", N_("A wired network"), N_("New wired networks") },
  { "wifi", N_("A Wi-Fi network"), N_("New Wi-Fi networks") },
  { "mobile", N_("A mobile network"), N_("New mobile networks") },
};

static const char *
get_text (GVariant *network, const char *name)
{
  const char *text = "";

  g_variant_lookup (network, name, "&s", &text);
  return text;
}

static gboolean
is_true (GVariant *network, const char *name)
{
  gboolean truth = FALSE;

  g_variant_lookup (network, name, "b", &truth);
  return truth;
}

static guint
find_choice (GVariant *network, guint n)
{
  const char *trust = get_text (network, "trust"), *action = get_text (network, "action");

  for (guint i = 0; i < n; i++)
    if (g_str_equal (choices[i].action, action) && (n == N_FOR_NEW || g_str_equal (choices[i].trust, trust)))
      return i;
  /* "Connect" in a trusted network, or such: what is done counts. */
  for (guint i = 0; i < n; i++)
    if (g_str_equal (choices[i].action, action))
      return i;
  return 0;
}

/* The name is bytes of strangers; without one its kind has to do. */
static char *
dup_title (GVariant *network, gboolean is_new)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (network, "name", G_VARIANT_TYPE_BYTESTRING);
  gsize bytes = 0;
  gconstpointer name = value != NULL ? g_variant_get_fixed_array (value, &bytes, 1) : NULL;
  g_autofree char *text = g_utf8_make_valid (name != NULL ? name : "", (gssize) bytes);    /* NUL is no end of it */
  const char *kind = get_text (network, "kind");

  if (bytes > 0)
    return adit_shown_dup (text, "");
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, kind))
      return g_strdup (is_new ? _(kinds[i].new_ones) : _(kinds[i].one));
  return g_strdup (_("Another network"));
}

static void
on_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditNetworkList) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!adit_mirror_account_finish (ADIT_MIRROR (source), result, &error) && self->mirror != NULL)
    adit_trouble_tell (GTK_WIDGET (self), error);
  if (self->mirror != NULL)
    adit_network_list_reload (self);
}

static void
on_chosen (AdwComboRow *row, GParamSpec *property, AditNetworkList *self)
{
  const char *network = g_object_get_data (G_OBJECT (row), "network");
  guint which = adw_combo_row_get_selected (row);

  if (!self->showing && which < G_N_ELEMENTS (choices))
    adit_mirror_set_network_async (self->mirror, network, choices[which].trust, choices[which].action, on_set,
                                   g_object_ref (self));
}

static GtkWidget *
new_row (AditNetworkList *self, const char *key, guint n)
{
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);
  GtkWidget *row = g_object_new (ADW_TYPE_COMBO_ROW, "use-markup", FALSE, NULL);

  for (guint i = 0; i < n; i++)
    gtk_string_list_append (words, _(choices[i].words));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (words));
  adit_wrap_texts (row);
  g_object_set_data_full (G_OBJECT (row), "network", g_strdup (key), g_free);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (on_chosen), self, 0);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_ptr_array_add (self->rows, row);
  return row;
}

static void
remove_rows (AditNetworkList *self, guint first)
{
  for (guint i = first; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, (gint) first);
}

/* A row stays as long as it is the same network's: somebody may be about to choose in it. */
static void
show_network (AditNetworkList *self, guint position, GVariant *network)
{
  const char *id = get_text (network, "id");
  gboolean is_here = is_true (network, "here"), is_new = id[0] == '\0' && !is_here;
  guint n = is_new ? N_FOR_NEW : G_N_ELEMENTS (choices);
  const char *key = is_new ? get_text (network, "kind") : id;
  GtkWidget *row = position < self->rows->len ? self->rows->pdata[position] : NULL;
  g_autofree char *title = dup_title (network, is_new);

  if (row != NULL && g_strcmp0 (g_object_get_data (G_OBJECT (row), "network"), key) != 0)
    {
      remove_rows (self, position);
      row = NULL;
    }
  if (row == NULL)
    row = new_row (self, key, n);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), !is_here ? "" : id[0] != '\0' ? _("This computer is in it")
                                                                 : _("Here, and cannot be told from others"));
  gtk_widget_set_sensitive (row, !is_here || id[0] != '\0');
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), find_choice (network, n));
}

static void
on_networks (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditNetworkList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) networks = adit_mirror_get_networks_finish (ADIT_MIRROR (source), result, &error);
  guint n = networks != NULL ? (guint) g_variant_n_children (networks) : 0;

  if (self->mirror == NULL || networks == NULL)
    return;
  self->showing = TRUE;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GVariant) network = g_variant_get_child_value (networks, i);

      show_network (self, i, network);
    }
  if (n < self->rows->len)
    remove_rows (self, n);
  self->showing = FALSE;
}

/**
 * adit_network_list_reload:
 * @self: a list with a mirror
 *
 * Asks the helper which networks there are now.
 */
void
adit_network_list_reload (AditNetworkList *self)
{
  adit_mirror_get_networks_async (self->mirror, on_networks, g_object_ref (self));
}

static void
adit_network_list_dispose (GObject *object)
{
  AditNetworkList *self = ADIT_NETWORK_LIST (object);

  g_clear_object (&self->mirror);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (adit_network_list_parent_class)->dispose (object);
}

static void
adit_network_list_class_init (AditNetworkListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_network_list_dispose;
}

static void
adit_network_list_init (AditNetworkList *self)
{
  self->rows = g_ptr_array_new ();
}

/**
 * adit_network_list_set_mirror:
 * @self: a list
 * @mirror: where networks and rules come from and go to, from now on and for good
 */
void
adit_network_list_set_mirror (AditNetworkList *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  adit_network_list_reload (self);
}
