/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings-window.c: the table says which control shows which setting; what the helper has is shown, and a change is shown when
 * the helper has taken it. */
#include "config.h"
#include "ui/settings-window.h"

#include <glib/gi18n.h>

#include "ui/background-row.h"
#include "ui/block-list.h"
#include "ui/entry-rows.h"
#include "ui/leak-group.h"
#include "ui/network-list.h"
#include "ui/trouble.h"
#include "ui/tunnel-group.h"
#include "ui/words.h"
#include "ui/wrapping.h"

struct _AditSettingsWindow
{
  AdwPreferencesWindow parent_instance;
  AditMirror   *mirror;
  GtkWidget    *protection, *names, *tunnel_page, *automation;
  GtkSwitch    *lockdown, *multicast;
  AdwComboRow  *lan, *dns, *port, *ip_outside, *ip_inside, *mtu, *pick, *near, *key_days, *auto_connect, *hears;
  AdwEntryRow  *lan_ranges, *dns_addresses, *guests, *port_number, *mtu_number, *near_position, *key_number;
  AdwActionRow *resolver, *lan_words;
  AdwPreferencesGroup *guests_group;
  AditNetworkList *networks;
  AditBackgroundRow *background;
  AditLeakGroup   *leak;
  AditBlockList   *blocks;
  AditTunnelGroup *tunnel;
  GtkWidget    *multihop;    /* of the tunnel's */
  GtkWidget    *wanted;      /* (nullable): what is to have the focus once it can have it */
  const char   *typing;      /* (nullable): the setting for which something is to be typed that it is not set to yet */
  gboolean      known;       /* what is shown is what the helper has told */
  gboolean      showing;     /* what moves now was not moved by the person */
};

G_DEFINE_FINAL_TYPE (AditSettingsWindow, adit_settings_window, ADW_TYPE_PREFERENCES_WINDOW)

/* A switch is a truth; what is chosen is one of @words, in the order of the template; what is none of them is typed, and is the
 * choice behind the last word. */
typedef struct
{
  const char *name;
  goffset     control, texts;     /* of the struct; 0: there is none */
  const char *words[4];
} Setting;

#define OF(field) G_STRUCT_OFFSET (AditSettingsWindow, field)

static const Setting settings[] = {
  { "lockdown", OF (lockdown), 0, { NULL } },
  { "multicast", OF (multicast), 0, { NULL } },
  { "lan", OF (lan), OF (lan_ranges), { "off", "subnet", NULL } },
  { "guests", 0, OF (guests), { NULL } },
  { "dns", OF (dns), OF (dns_addresses), { "service", NULL } },
  { "port", OF (port), OF (port_number), { "any", NULL } },
  { "ip-outside", OF (ip_outside), 0, { "any", "ipv4", "ipv6", NULL } },
  { "ip-inside", OF (ip_inside), 0, { "any", "ipv4", NULL } },
  { "mtu", OF (mtu), OF (mtu_number), { "auto", NULL } },
  { "pick", OF (pick), 0, { "service", "nearest", "random", NULL } },
  { "near", OF (near), OF (near_position), { "time-zone", NULL } },
  { "key-days", OF (key_days), OF (key_number), { "service", NULL } },
  { "auto-connect", OF (auto_connect), 0, { "off", "boot", "login", NULL } },
  { "multihop", OF (multihop), 0, { NULL } },    /* the window's own, of which the helper tells nothing */
};

static gpointer
get_widget (AditSettingsWindow *self, goffset offset)
{
  return offset != 0 ? G_STRUCT_MEMBER (gpointer, self, offset) : NULL;
}

static const Setting *
find_setting (AditSettingsWindow *self, gpointer widget)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    if (get_widget (self, settings[i].control) == widget || get_widget (self, settings[i].texts) == widget)
      return &settings[i];
  g_assert_not_reached ();
}

/* --- What the helper has --------------------------------------------------------------------------------------------------- */

static void
show_texts (AditSettingsWindow *self, const Setting *setting, const char *const *texts)
{
  AdwComboRow *row = get_widget (self, setting->control);
  AdwEntryRow *entry = get_widget (self, setting->texts);
  guint n = g_strv_length ((char **) setting->words), which = 0;
  gboolean is_typed;

  while (which < n && g_strcmp0 (texts[0], setting->words[which]) != 0)
    which++;
  is_typed = which == n;
  if (is_typed && self->typing == setting->name)
    self->typing = NULL;
  if (self->typing == setting->name)
    return;    /* somebody has chosen to type, and is not there yet */
  if (row != NULL)
    adw_combo_row_set_selected (row, which);
  if (entry != NULL)
    {
      g_autofree char *text = is_typed ? g_strjoinv (" ", (char **) texts) : g_strdup ("");

      /* What somebody is typing is not taken away. */
      if (gtk_widget_get_focus_child (GTK_WIDGET (entry)) == NULL)
        gtk_editable_set_text (GTK_EDITABLE (entry), text);
      gtk_widget_set_visible (GTK_WIDGET (entry), is_typed || row == NULL);
    }
}

static void
show_setting (AditSettingsWindow *self, const Setting *setting, GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    {
      GtkSwitch *control = get_widget (self, setting->control);

      gtk_switch_set_active (control, g_variant_get_boolean (value));
      gtk_switch_set_state (control, g_variant_get_boolean (value));
    }
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    {
      g_autofree const char **texts = g_variant_get_strv (value, NULL);

      show_texts (self, setting, texts);
    }
}

/* What passes beside the tunnel as it is set, whatever somebody is about to type. */
static void
show_reach (AditSettingsWindow *self, GVariant *all)
{
  g_autofree const char **lan = NULL, **named = NULL;
  gboolean has_guests = g_variant_lookup (all, "guests", "^a&s", &named) && named[0] != NULL;
  const char *range = g_variant_lookup (all, "lan", "^a&s", &lan) && lan[0] != NULL ? lan[0] : "off";

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->lan_words), g_str_equal (range, "off")
    ? _("Neither printers, nor shares, nor the router’s own pages can be reached.") : g_str_equal (range, "subnet")
    ? _("Printers, shares and the router’s own pages in this network can be reached.")
    : _("What is at these addresses can be reached, and nothing else around."));
  adw_preferences_group_set_description (self->guests_group, has_guests
    ? _("This computer reaches virtual machines and containers behind these interfaces. What those send goes through the tunnel "
        "or nowhere.")
    : _("While the lock is closed this computer reaches no virtual machine or container. What those send goes through the tunnel "
        "or nowhere."));
}

static void
show_resolver (AditSettingsWindow *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);
  gboolean known = status != NULL && status->dns_servers != NULL && status->dns_servers[0] != NULL;
  g_autofree char *servers = known ? g_strjoinv (", ", status->dns_servers) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (known)
    /* Translators: addresses of resolvers, and what on this computer was told of them, such as "systemd-resolved" */
    g_string_append_printf (text, _("%s, by way of %s"), servers, status->dns_backend);
  for (guint i = 0; known && status->dns_blocks[i] != NULL; i++)
    {
      g_autofree char *block = adit_words_dup_block (status->dns_blocks[i]);

      g_string_append_printf (text, "%s%s", i == 0 ? _(". Left out: ") : ", ", block);
    }
  adw_action_row_set_subtitle (self->resolver, known ? text->str : _("Not connected: this network's own resolver is asked"));
}

/* What is set and cannot be had at this service can still be taken back. */
static void
show_reason (AditSettingsWindow *self, AdwComboRow *row, const char *words, const char *reason, gboolean is_set)
{
  AdwEntryRow *entry = get_widget (self, find_setting (self, row)->texts);
  gboolean can_be = reason[0] == '\0' || is_set;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), reason[0] != '\0' ? reason : words);
  gtk_widget_set_sensitive (GTK_WIDGET (row), can_be);
  if (entry != NULL)
    gtk_widget_set_sensitive (GTK_WIDGET (entry), can_be);
}

/* Which there are, or why none can be chosen. */
static void
show_offer (AditSettingsWindow *self)
{
  const AditServerFilter *filter = &adit_mirror_get_choice (self->mirror)->servers.filter;
  AditServerList *list = adit_mirror_get_list (self->mirror);
  g_autofree char *ports = NULL, *text = NULL;
  AditTunnelOffer offer;

  adit_mirror_find_offer (self->mirror, &offer);
  if (offer.port_reason[0] == '\0' && list != NULL)
    {
      ports = adit_tunnel_offer_dup_ports (&offer, list);
      /* Translators: ports and ranges of them, such as "53, 4000–33433" */
      text = g_strdup_printf (_("The service has %s"), ports);
    }
  show_reason (self, self->port, text, offer.port_reason, filter->port != 0);
  show_reason (self, self->ip_outside, _("Automatic: by IPv4, else by IPv6."), offer.ip_reason, filter->outside != ADIT_IP_ANY);
  show_reason (self, self->ip_inside,
               _("Automatic: both, where the server has both. With IPv4 only, what wants IPv6 goes nowhere."),
               offer.ip_reason, filter->inside != ADIT_IP_ANY);
  show_reason (self, self->mtu, _("Automatic: found out for each connection. What you choose is the most; where such packets get "
                                  "lost, it becomes less."), offer.mtu_reason, filter->mtu_bytes != 0);
}

/* A switch that moves and sets nothing would be a lie.  The window itself can always be closed. */
static void
enable (AditSettingsWindow *self)
{
  gboolean can_set = self->known && adit_mirror_get_presence (self->mirror) == ADIT_PRESENCE_HERE;

  gtk_widget_set_sensitive (self->protection, can_set);
  gtk_widget_set_sensitive (self->names, can_set);
  gtk_widget_set_sensitive (self->tunnel_page, can_set);
  gtk_widget_set_sensitive (self->automation, can_set);
}

static void
on_settings (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditSettingsWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) all = adit_mirror_get_settings_finish (ADIT_MIRROR (source), result, &error);

  if (self->mirror == NULL)
    return;
  self->known = all != NULL;
  enable (self);
  if (all == NULL)
    return;
  self->showing = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (all, settings[i].name, NULL);

      if (value != NULL)
        show_setting (self, &settings[i], value);
    }
  self->showing = FALSE;
  show_reach (self, all);
  if (self->wanted != NULL)
    gtk_widget_grab_focus (self->wanted);
  self->wanted = NULL;
}

static void
reload (AditSettingsWindow *self)
{
  enable (self);
  show_resolver (self);
  show_offer (self);
  adit_network_list_reload (self->networks);
  adit_mirror_get_settings_async (self->mirror, on_settings, g_object_ref (self));
}

/* --- What the person wants ------------------------------------------------------------------------------------------------- */

static void
on_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditSettingsWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!adit_mirror_account_finish (ADIT_MIRROR (source), result, &error) && self->mirror != NULL)
    adit_trouble_tell (GTK_WIDGET (self), error);
  if (self->mirror != NULL)
    reload (self);
}

static void
set (AditSettingsWindow *self, const char *name, GVariant *value)
{
  adit_mirror_set_setting_async (self->mirror, name, value, on_set, g_object_ref (self));
}

static gboolean
on_switched (GtkSwitch *control, gboolean on, AditSettingsWindow *self)
{
  if (!self->showing)
    set (self, find_setting (self, control)->name, g_variant_new_boolean (on));
  return !self->showing;    /* it moves when it is so */
}

static void
on_chosen (AdwComboRow *row, GParamSpec *property, AditSettingsWindow *self)
{
  const Setting *setting = find_setting (self, row);
  AdwEntryRow *entry = get_widget (self, setting->texts);
  guint which = adw_combo_row_get_selected (row);
  const char *const texts[] = { which < g_strv_length ((char **) setting->words) ? setting->words[which] : NULL, NULL };

  if (self->showing)
    return;
  if (self->typing == setting->name)
    self->typing = NULL;
  if (texts[0] != NULL)
    set (self, setting->name, g_variant_new_strv (texts, -1));
  else if (entry != NULL)
    {
      self->typing = setting->name;
      gtk_widget_set_visible (GTK_WIDGET (entry), TRUE);
      gtk_widget_grab_focus (GTK_WIDGET (entry));
    }
}

static void
on_typed (AdwEntryRow *entry, AditSettingsWindow *self)
{
  const Setting *setting = find_setting (self, entry);
  /* Of a position the comma is a part. */
  const char *separators = entry == self->near_position ? " ;" : " ,;";
  g_auto (GStrv) texts = g_strsplit_set (gtk_editable_get_text (GTK_EDITABLE (entry)), separators, -1);
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();

  for (char **text = texts; *text != NULL; text++)
    if (**text != '\0')
      g_ptr_array_add (wanted, *text);
  if (wanted->len == 0 && setting->control != 0)
    return;    /* it is a choice of its own to have none */
  set (self, setting->name, g_variant_new_strv ((const char *const *) wanted->pdata, (gssize) wanted->len));
}

/* This person's own, of which the helper knows nothing. */
static void
on_hears_chosen (AditSettingsWindow *self)
{
  AditHears hears = (AditHears) adw_combo_row_get_selected (self->hears);

  if (hears < ADIT_N_HEARS && hears != adit_mirror_get_memory (self->mirror)->hears)
    adit_mirror_set_hears (self->mirror, hears);
}

static void
adit_settings_window_dispose (GObject *object)
{
  g_clear_object (&ADIT_SETTINGS_WINDOW (object)->mirror);
  G_OBJECT_CLASS (adit_settings_window_parent_class)->dispose (object);
}

static void
adit_settings_window_class_init (AditSettingsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_settings_window_dispose;
  g_type_ensure (ADIT_TYPE_BACKGROUND_ROW);
  g_type_ensure (ADIT_TYPE_NETWORK_LIST);
  g_type_ensure (ADIT_TYPE_LEAK_GROUP);
  g_type_ensure (ADIT_TYPE_BLOCK_LIST);
  g_type_ensure (ADIT_TYPE_TUNNEL_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/settings-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, protection);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, names);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, automation);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, lockdown);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, multicast);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, lan);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, lan_words);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, lan_ranges);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, guests);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, guests_group);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, dns);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, dns_addresses);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, resolver);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, auto_connect);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, hears);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, background);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, networks);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, tunnel_page);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, leak);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, blocks);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, tunnel);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, port);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, port_number);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, ip_outside);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, ip_inside);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, mtu);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, mtu_number);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, pick);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, near);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, near_position);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, key_days);
  gtk_widget_class_bind_template_child (widget_class, AditSettingsWindow, key_number);
  gtk_widget_class_bind_template_callback (widget_class, on_switched);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_typed);
}

static void
adit_settings_window_init (AditSettingsWindow *self)
{
  self->showing = TRUE;    /* until it is known what is set */
  gtk_widget_init_template (GTK_WIDGET (self));
  self->multihop = adit_tunnel_group_get_multihop (self->tunnel);
  adit_wrap_texts (GTK_WIDGET (self));
  adit_entry_rows_tell (GTK_WIDGET (self));
}

/**
 * adit_settings_window_new:
 * @parent: the window before which it stands
 * @mirror: where settings come from and go to
 *
 * Returns: (transfer none): the window, not yet presented
 */
GtkWindow *
adit_settings_window_new (GtkWindow *parent, AditMirror *mirror)
{
  AditSettingsWindow *self = g_object_new (ADIT_TYPE_SETTINGS_WINDOW, "transient-for", parent, NULL);

  self->mirror = g_object_ref (mirror);
  adit_network_list_set_mirror (self->networks, mirror);
  adit_background_row_set_mirror (self->background, mirror);
  adit_leak_group_set_mirror (self->leak, mirror);
  adit_block_list_set_mirror (self->blocks, mirror);
  adit_tunnel_group_set_mirror (self->tunnel, mirror);
  adw_combo_row_set_selected (self->hears, adit_mirror_get_memory (mirror)->hears);
  g_signal_connect_object (self->hears, "notify::selected", G_CALLBACK (on_hears_chosen), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "choice-changed", G_CALLBACK (show_offer), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (reload), self, G_CONNECT_SWAPPED);
  reload (self);
  return GTK_WINDOW (self);
}

/**
 * adit_settings_window_show:
 * @self: a settings window
 * @name: a setting's name
 *
 * Opens the page that it is on, with it ready to be changed as soon as that can be done.
 */
void
adit_settings_window_show (AditSettingsWindow *self, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    if (g_str_equal (settings[i].name, name))
      {
        GtkWidget *control = get_widget (self, settings[i].control != 0 ? settings[i].control : settings[i].texts);

        adw_preferences_window_set_visible_page (
          ADW_PREFERENCES_WINDOW (self), ADW_PREFERENCES_PAGE (gtk_widget_get_ancestor (control, ADW_TYPE_PREFERENCES_PAGE)));
        self->wanted = control;
      }
}
