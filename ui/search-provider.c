/* SPDX-License-Identifier: GPL-2.0-or-later */
/* search-provider.c: org.gnome.Shell.SearchProvider2.  The shell starts the program by its name on the bus, without a window, and
 * asks with each letter; what is made for that goes a moment after the last one.  It knows this person's own service alone. */
#include "config.h"
#include "ui/search-provider.h"

#include <string.h>

#include "ui/place-list.h"

#define SEARCH       "org.gnome.Shell.SearchProvider2"
#define ICON         "org.aditvpn.Adit"
#define MAX_RESULTS  20       /* the shell shows five, and how many more there are */
#define MAX_TEXT     256      /* in bytes; of what is longer nothing is a place, and no more of it is shown */
#define WAIT_MS      3000     /* for the helper's list; the shell waits longer, people do not */
#define FORGET_S     10       /* somebody who still types asks sooner */

static const char introspection[] =
  "<node><interface name='" SEARCH "'>"
  "<method name='GetInitialResultSet'><arg type='as' name='terms' direction='in'/>"
  "<arg type='as' name='results' direction='out'/></method>"
  "<method name='GetSubsearchResultSet'><arg type='as' name='previous_results' direction='in'/>"
  "<arg type='as' name='terms' direction='in'/><arg type='as' name='results' direction='out'/></method>"
  "<method name='GetResultMetas'><arg type='as' name='identifiers' direction='in'/>"
  "<arg type='aa{sv}' name='metas' direction='out'/></method>"
  "<method name='ActivateResult'><arg type='s' name='identifier' direction='in'/><arg type='as' name='terms' direction='in'/>"
  "<arg type='u' name='timestamp' direction='in'/></method>"
  "<method name='LaunchSearch'><arg type='as' name='terms' direction='in'/>"
  "<arg type='u' name='timestamp' direction='in'/></method>"
  "</interface></node>";

struct _AditSearchProvider
{
  GObject          parent_instance;
  GApplication    *application;    /* which owns this */
  AditMirror      *mirror;         /* (nullable): once somebody has searched */
  GDBusConnection *bus;            /* (nullable) */
  GDBusNodeInfo   *node;
  AditPlaceList   *places;         /* (nullable): while somebody types */
  GPtrArray       *waiting;        /* of GDBusMethodInvocation, for the list; each holds the program */
  guint            object, wait_source, forget_source;
};

G_DEFINE_FINAL_TYPE (AditSearchProvider, adit_search_provider, G_TYPE_OBJECT)

enum { SIGNAL_NEEDED, SIGNAL_CHOSEN, SIGNAL_LAUNCHED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* --- Places ---------------------------------------------------------------------------------------------------------------- */

/* What a result is called on the bus: "se/got/se-got-wg-001". */
static char *
dup_id (const AditPlace *place)
{
  return g_strjoin ("/", place->country, place->city, place->server, NULL);
}

static gboolean
read_id (const char *id, AditPlace *place)
{
  g_auto (GStrv) parts = g_strsplit (id, "/", 4);

  return g_strv_length (parts) == 3 && adit_place_set (place, parts[0], parts[1], parts[2]) && !adit_place_is_any (place);
}

static gboolean
on_forget (gpointer user_data)
{
  AditSearchProvider *self = user_data;

  self->forget_source = 0;
  g_clear_object (&self->places);
  return G_SOURCE_REMOVE;
}

static void
forget (AditSearchProvider *self)
{
  g_clear_handle_id (&self->forget_source, g_source_remove);
  g_clear_object (&self->places);
}

/* (nullable): as they are set to be chosen from now; without a list there are none. */
static AditPlaceList *
get_places (AditSearchProvider *self)
{
  AditServerList *servers = self->mirror != NULL ? adit_mirror_get_list (self->mirror) : NULL;

  if (self->places == NULL && servers != NULL)
    {
      g_autoptr (AditPlaceSieve) sieve = NULL;
      AditPlaceLook look;

      adit_mirror_find_look (self->mirror, FALSE, &look);
      sieve = adit_place_sieve_new (servers, &look);
      self->places = adit_place_list_new (sieve);
    }
  g_clear_handle_id (&self->forget_source, g_source_remove);
  if (self->places != NULL)
    self->forget_source = g_timeout_add_seconds (FORGET_S, on_forget, self);
  return self->places;
}

static char *
dup_text (GVariant *terms)
{
  g_autofree const char **words = g_variant_get_strv (terms, NULL);

  return g_strjoinv (" ", (char **) words);
}

/* One letter names no place, but one sign of other scripts may. */
static gboolean
is_worth_it (const char *text)
{
  return text[0] != '\0' && text[1] != '\0' && strlen (text) <= MAX_TEXT;
}

static GVariant *
find (AditSearchProvider *self, GVariant *terms)
{
  g_autofree char *text = dup_text (terms);
  AditPlaceList *places = is_worth_it (text) ? get_places (self) : NULL;
  GVariantBuilder ids;
  guint n = 0;

  g_variant_builder_init (&ids, G_VARIANT_TYPE_STRING_ARRAY);
  if (places != NULL)
    {
      adit_place_list_search (places, text);
      n = MIN (g_list_model_get_n_items (G_LIST_MODEL (places)), MAX_RESULTS);
    }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AditPlaceItem) item = g_list_model_get_item (G_LIST_MODEL (places), i);
      g_autofree char *id = NULL;
      AditPlace place;

      adit_place_item_get_place (item, &place);
      id = dup_id (&place);
      g_variant_builder_add (&ids, "s", id);
    }
  return g_variant_new ("(as)", &ids);
}

/* The text is a service's own; the shell shows it as it is. */
static void
describe (AditPlaceSieve *sieve, const char *id, GVariantBuilder *metas)
{
  g_autoptr (AditPlaceItem) item = NULL;
  g_autofree char *detail = NULL;
  GVariantBuilder dict;
  AditPlaceRow row;
  AditPlace place;

  if (!read_id (id, &place) || !adit_place_sieve_find (sieve, &place, &row))
    return;
  item = adit_place_item_new (sieve, row, TRUE);
  detail = adit_place_item_dup_detail (item);
  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&dict, "{sv}", "id", g_variant_new_string (id));
  g_variant_builder_add (&dict, "{sv}", "name", g_variant_new_string (adit_place_item_get_name (item)));
  g_variant_builder_add (&dict, "{sv}", "description", g_variant_new_string (detail));
  g_variant_builder_add (&dict, "{sv}", "gicon", g_variant_new_string (ICON));
  g_variant_builder_add (metas, "a{sv}", &dict);
}

static GVariant *
describe_all (AditSearchProvider *self, GVariant *ids)
{
  AditPlaceList *places = get_places (self);
  AditPlaceSieve *sieve = places != NULL ? adit_place_list_get_sieve (places) : NULL;
  gsize n = MIN (g_variant_n_children (ids), MAX_RESULTS);
  GVariantBuilder metas;

  g_variant_builder_init (&metas, G_VARIANT_TYPE ("aa{sv}"));
  for (gsize i = 0; sieve != NULL && i < n; i++)
    {
      const char *id;

      g_variant_get_child (ids, i, "&s", &id);
      describe (sieve, id, &metas);
    }
  return g_variant_new ("(aa{sv})", &metas);
}

/* --- When it is known ------------------------------------------------------------------------------------------------------- */

static gboolean
is_known (AditSearchProvider *self)
{
  return adit_mirror_get_list (self->mirror) != NULL || adit_mirror_get_presence (self->mirror) == ADIT_PRESENCE_AWAY ||
         (adit_mirror_has_accounts (self->mirror) && adit_mirror_get_account (self->mirror) == NULL);
}

static void
answer (AditSearchProvider *self, GDBusMethodInvocation *invocation)
{
  GVariant *parameters = g_dbus_method_invocation_get_parameters (invocation);
  const char *method = g_dbus_method_invocation_get_method_name (invocation);
  g_autoptr (GVariant) first = g_variant_get_child_value (parameters, 0), terms = NULL;

  if (g_str_equal (method, "GetResultMetas"))
    g_dbus_method_invocation_return_value (invocation, describe_all (self, first));
  else
    {
      /* What was found for fewer letters is not looked at: to look through all is as quick. */
      terms = g_variant_get_child_value (parameters, g_str_equal (method, "GetSubsearchResultSet") ? 1 : 0);
      g_dbus_method_invocation_return_value (invocation, find (self, terms));
    }
  g_application_release (self->application);
}

static void
answer_all (AditSearchProvider *self)
{
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);

  self->waiting = g_ptr_array_new ();
  g_clear_handle_id (&self->wait_source, g_source_remove);
  for (guint i = 0; i < waiting->len; i++)
    answer (self, waiting->pdata[i]);
}

static gboolean
on_waited (gpointer user_data)
{
  AditSearchProvider *self = user_data;

  self->wait_source = 0;
  answer_all (self);
  return G_SOURCE_REMOVE;
}

static void
follow (AditSearchProvider *self)
{
  if (self->waiting->len > 0 && is_known (self))
    answer_all (self);
}

/* Other servers, or others that are left of them: what was made of the former ones is not theirs. */
static void
on_others (AditSearchProvider *self)
{
  forget (self);
  follow (self);
}

static void
ask (AditSearchProvider *self, GDBusMethodInvocation *invocation)
{
  g_application_hold (self->application);
  if (self->mirror == NULL)
    g_signal_emit (self, signals[SIGNAL_NEEDED], 0);
  g_ptr_array_add (self->waiting, invocation);
  if (self->wait_source == 0)
    self->wait_source = g_timeout_add (WAIT_MS, on_waited, self);
  follow (self);
}

static void
on_call (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
         GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  AditSearchProvider *self = user_data;
  g_autoptr (GVariant) first = g_variant_get_child_value (parameters, 0);

  if (g_str_equal (method, "ActivateResult"))
    {
      AditPlace place;

      if (read_id (g_variant_get_string (first, NULL), &place))
        g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, &place);
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
  else if (g_str_equal (method, "LaunchSearch"))
    {
      g_autofree char *text = dup_text (first);

      if (strlen (text) > MAX_TEXT)
        *g_utf8_find_prev_char (text, text + MAX_TEXT + 1) = '\0';
      g_signal_emit (self, signals[SIGNAL_LAUNCHED], 0, text);
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
  else
    ask (self, invocation);
}

/* --- The object ------------------------------------------------------------------------------------------------------------ */

static void
adit_search_provider_dispose (GObject *object)
{
  AditSearchProvider *self = ADIT_SEARCH_PROVIDER (object);

  adit_search_provider_unexport (self);
  forget (self);
  g_clear_object (&self->mirror);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_pointer (&self->node, g_dbus_node_info_unref);
  G_OBJECT_CLASS (adit_search_provider_parent_class)->dispose (object);
}

static void
adit_search_provider_class_init (AditSearchProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_search_provider_dispose;
  signals[SIGNAL_NEEDED] = g_signal_new ("needed", ADIT_TYPE_SEARCH_PROVIDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 0);
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", ADIT_TYPE_SEARCH_PROVIDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_LAUNCHED] = g_signal_new ("launched", ADIT_TYPE_SEARCH_PROVIDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
adit_search_provider_init (AditSearchProvider *self)
{
  self->node = g_dbus_node_info_new_for_xml (introspection, NULL);
  self->waiting = g_ptr_array_new ();
}

/**
 * adit_search_provider_new:
 * @application: the program, which is held while somebody waits for an answer, and outlives the result
 *
 * Returns: (transfer full): a provider that is not on the bus
 */
AditSearchProvider *
adit_search_provider_new (GApplication *application)
{
  AditSearchProvider *self = g_object_new (ADIT_TYPE_SEARCH_PROVIDER, NULL);

  self->application = application;
  return self;
}

/**
 * adit_search_provider_set_mirror:
 * @self: a provider without one
 * @mirror: whose list is searched, from now on and for good
 */
void
adit_search_provider_set_mirror (AditSearchProvider *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (follow), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "list-changed", G_CALLBACK (on_others), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "choice-changed", G_CALLBACK (on_others), self, G_CONNECT_SWAPPED);
}

/**
 * adit_search_provider_export:
 * @self: a provider
 * @bus: the session's
 * @error: return location; %G_IO_ERROR
 *
 * Returns: whether it is found at %ADIT_SEARCH_PROVIDER_PATH
 */
gboolean
adit_search_provider_export (AditSearchProvider *self, GDBusConnection *bus, GError **error)
{
  static const GDBusInterfaceVTable table = { on_call, NULL, NULL, { NULL } };

  self->object = g_dbus_connection_register_object (bus, ADIT_SEARCH_PROVIDER_PATH, self->node->interfaces[0], &table, self, NULL,
                                                    error);
  if (self->object != 0)
    self->bus = g_object_ref (bus);
  return self->object != 0;
}

/**
 * adit_search_provider_unexport:
 * @self: a provider; whether it is on the bus does not matter
 *
 * Whoever still waits has nothing found for them.
 */
void
adit_search_provider_unexport (AditSearchProvider *self)
{
  if (self->waiting != NULL)
    answer_all (self);
  if (self->object != 0)
    g_dbus_connection_unregister_object (self->bus, self->object);
  self->object = 0;
  g_clear_object (&self->bus);
}
