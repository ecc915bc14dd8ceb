/* SPDX-License-Identifier: GPL-2.0-or-later */
/* device-list.c: the service is asked whenever the list is about to be seen; an answer about another account is dropped. */
#include "config.h"
#include "ui/device-list.h"

#include <glib/gi18n.h>

#include "client/api/explain.h"
#include "ui/account-words.h"
#include "ui/message-dialog.h"
#include "ui/wrapping.h"

struct _AditDeviceList
{
  AdwPreferencesGroup parent_instance;
  AditMirror   *mirror;      /* (nullable): until there is an account */
  char         *account;     /* (nullable): "" is the one that has too many */
  guint         limit;
  GtkSpinner   *spinner;
  AdwActionRow *trouble;
  GPtrArray    *rows;        /* of GtkWidget, owned by the group */
  guint         n_asked;     /* the newest question */
};

G_DEFINE_FINAL_TYPE (AditDeviceList, adit_device_list, ADW_TYPE_PREFERENCES_GROUP)

/* Something that was asked about one device, and by which list. */
typedef struct
{
  AditDeviceList *list;
  guint           n_asked;
  char           *account, *device;    /* @device: (nullable) */
} Asked;

static Asked *
asked_new (AditDeviceList *list, const char *device)
{
  Asked *self = g_new0 (Asked, 1);

  self->list = g_object_ref (list);
  self->n_asked = list->n_asked;
  self->account = g_strdup (list->account);
  self->device = g_strdup (device);
  return self;
}

static void
asked_free (Asked *self)
{
  g_object_unref (self->list);
  g_free (self->account);
  g_free (self->device);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, asked_free)

static void
show_trouble (AditDeviceList *self, const GError *error)
{
  AditExplanation words;

  gtk_widget_set_visible (GTK_WIDGET (self->trouble), error != NULL);
  if (error == NULL)
    return;
  adit_explain_error (error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED, &words);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->trouble), words.what);
  adw_action_row_set_subtitle (self->trouble, words.remedy);
}

static void
clear_rows (AditDeviceList *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
}

/* --- Removal --------------------------------------------------------------------------------------------------------------- */

static void
on_removed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  AditDeviceList *self = asked->list;
  g_autoptr (GError) error = NULL;
  gboolean removed = adit_mirror_account_finish (ADIT_MIRROR (source), result, &error);

  if (self->mirror == NULL || !g_str_equal (asked->account, self->account))
    return;
  gtk_spinner_stop (self->spinner);
  gtk_widget_set_sensitive (GTK_WIDGET (self), TRUE);
  if (removed)
    adit_device_list_reload (self);
  else
    show_trouble (self, error);
}

static void
on_removal_answered (AdwMessageDialog *dialog, const char *response, Asked *asked)
{
  AditDeviceList *self = asked->list;

  if (!g_str_equal (response, "remove") || self->mirror == NULL || !g_str_equal (asked->account, self->account))
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self), FALSE);
  gtk_spinner_start (self->spinner);
  adit_mirror_remove_device_async (self->mirror, asked->account, asked->device, on_removed, asked_new (self, NULL));
}

static void
on_remove_clicked (GtkButton *button, AditDeviceList *self)
{
  const char *name = g_object_get_data (G_OBJECT (button), "name");
  Asked *asked = asked_new (self, g_object_get_data (G_OBJECT (button), "device"));
  AdwMessageDialog *dialog = adit_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), NULL, NULL);

  adw_message_dialog_format_heading (dialog, _("Remove %s?"), name);
  adw_message_dialog_set_body (dialog, _("That computer is signed out of the account, and disconnected if it is connected. "
                                         "To use it again, somebody has to sign in there."));
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "remove", _("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "asked", asked, (GDestroyNotify) asked_free);
  g_signal_connect (dialog, "response", G_CALLBACK (on_removal_answered), asked);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- The rows -------------------------------------------------------------------------------------------------------------- */

static GtkWidget *
new_remove_button (AditDeviceList *self, const AditDeviceRow *device, const char *name)
{
  g_autofree char *label = g_strdup_printf (_("Remove %s"), name);
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data_full (G_OBJECT (button), "device", g_strdup (device->id), g_free);
  g_object_set_data_full (G_OBJECT (button), "name", g_strdup (name), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_remove_clicked), self, 0);
  return button;
}

/* What the service calls it is shown as text, whatever is in it. */
static void
add_row (AditDeviceList *self, const AditDeviceRow *device)
{
  const char *name = device->name[0] != '\0' ? device->name : device->id;
  g_autofree char *detail = adit_account_words_dup_device (device);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "computer-symbolic", "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  if (!device->is_ours)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), new_remove_button (self, device, name));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_ptr_array_add (self->rows, row);
}

static void
on_devices (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  AditDeviceList *self = asked->list;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = adit_mirror_get_devices_finish (ADIT_MIRROR (source), result, &error);
  g_autofree char *count = NULL;

  if (self->mirror == NULL || asked->n_asked != self->n_asked)
    return;
  gtk_spinner_stop (self->spinner);
  show_trouble (self, error);
  if (devices == NULL)
    return;
  clear_rows (self);
  for (guint i = 0; i < devices->len; i++)
    add_row (self, devices->pdata[i]);
  count = adit_account_words_dup_count (devices->len, self->limit, self->account[0] == '\0');
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), count);
}

/**
 * adit_device_list_reload:
 * @self: a list with an account
 *
 * Asks the service again; what was known stays until the answer is there.
 */
void
adit_device_list_reload (AditDeviceList *self)
{
  if (self->mirror == NULL)
    return;
  self->n_asked++;
  show_trouble (self, NULL);
  gtk_spinner_start (self->spinner);
  adit_mirror_get_devices_async (self->mirror, self->account, on_devices, asked_new (self, NULL));
}

/**
 * adit_device_list_set_account:
 * @self: a list
 * @mirror: through which the service is asked
 * @account: an account's id; "" is also the one that has too many devices to be signed in to
 * @limit: how many there may be; 0: the service does not say
 *
 * Shows the devices of that account, and asks for them.
 */
void
adit_device_list_set_account (AditDeviceList *self, AditMirror *mirror, const char *account, guint limit)
{
  if (g_strcmp0 (account, self->account) != 0)
    {
      clear_rows (self);
      adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), NULL);
    }
  g_set_object (&self->mirror, mirror);
  g_free (self->account);
  self->account = g_strdup (account);
  self->limit = limit;
  gtk_widget_set_sensitive (GTK_WIDGET (self), TRUE);
  adit_device_list_reload (self);
}

static void
adit_device_list_dispose (GObject *object)
{
  g_clear_object (&ADIT_DEVICE_LIST (object)->mirror);
  G_OBJECT_CLASS (adit_device_list_parent_class)->dispose (object);
}

static void
adit_device_list_finalize (GObject *object)
{
  AditDeviceList *self = ADIT_DEVICE_LIST (object);

  g_free (self->account);
  g_ptr_array_unref (self->rows);
  G_OBJECT_CLASS (adit_device_list_parent_class)->finalize (object);
}

static void
adit_device_list_class_init (AditDeviceListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_device_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = adit_device_list_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/device-list.ui");
  gtk_widget_class_bind_template_child (widget_class, AditDeviceList, spinner);
  gtk_widget_class_bind_template_child (widget_class, AditDeviceList, trouble);
  gtk_widget_class_bind_template_callback (widget_class, adit_device_list_reload);
}

static void
adit_device_list_init (AditDeviceList *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
}
